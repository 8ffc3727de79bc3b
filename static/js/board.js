// The contents page of the board.
import "./elements/shot-board.js";
