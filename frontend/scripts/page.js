// Improves what already works without it: conditional questions, error focus, double clicks.
import { initAll } from "./nhsuk-frontend.min.js";

initAll();
