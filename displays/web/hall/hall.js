// The page of the hall board.
import { HallBoard } from "../boards/hall.js";
import { showBoard } from "../boards/page.js";

await showBoard("hall", HallBoard, { aloud: true });
