// The page of the street board.
import { showBoard } from "../boards/page.js";
import { StreetBoard } from "../boards/street.js";

await showBoard("street", StreetBoard, { aloud: false });
