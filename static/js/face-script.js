import { ask } from "./faces.js";

ask("Newsreader");
