import { render } from "preact";
import "./style/fonts.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/table.css";
import "./style/pages.css";
import { App } from "./app";
import { listen } from "./router";
import { whoAmI } from "./session";
import "./theme";

listen();
render(<App />, document.getElementById("app")!);
void whoAmI();
