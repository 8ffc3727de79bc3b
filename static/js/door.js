// The contents page of signing in and of the account.
import "./elements/password-field.js";
import "./elements/password-words.js";
import "./elements/six-digits.js";
