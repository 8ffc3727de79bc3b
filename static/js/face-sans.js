import { ask } from "./faces.js";

ask("Hanken Grotesk");
