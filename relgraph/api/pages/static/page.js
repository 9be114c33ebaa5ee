// @ts-check
// What every page does; each part looks for the elements that it serves.

import { bindAnswerLinks, bindFigures } from "./figures.js";
import { bindFind, bindForms } from "./forms.js";
import { bindThemeButton } from "./theme-button.js";
import { bindWays } from "./ways.js";

bindThemeButton();
bindFind();
bindForms();
bindAnswerLinks(bindFigures());
bindWays();
