// @ts-check
// The screen of a recording: shows how things stand, sends keys. What they mean is decided elsewhere.

/** @typedef {{question: string, verdict: string|null, words: string, link: string|null, fell: boolean}} Result */
/** @typedef {{name: string, told_s: number, target_s: number, age_s: number|null, share: number, target_share: number, status: string|null, cue: string|null}} StageNow */
/** @typedef {{kind: string, phase: string, asked?: string, question?: number, questions?: number, probe?: number, is_live?: boolean, recorded_s?: number, level?: number, progress?: number, lines: string[], reply?: {verdict: string|null, words: string, line: string}|null, results: Result[], next?: string, fault?: string, engine?: string, is_typed?: boolean, guesses_seconds?: boolean, ending?: string, countdown?: number|null, stage?: StageNow|null, interruption?: string|null}} Shown */

/** @param {string} name */
const part = (name) => /** @type {HTMLElement} */ (document.querySelector(`[data-part="${name}"]`));
const room = /** @type {HTMLElement} */ (document.querySelector("#room"));
const STATES = {
  opening: "getting ready", asking: "listen to the question", paused: "paused", writing: "writing down what you said",
  counting: "get ready", interrupted: "the interviewer cuts in", typing: "type your answer", guessing: "done; your guess first", over: "done", failed: "stopped",
};
const KEYS = { Enter: "done", p: "pause", u: "undo", r: "retake", a: "ask", s: "skip", q: "stop", m: "microphone" };
const ENDS = {
  counting: (/** @type {number} */ left) => `Is that your answer? Ends in ${left}. Speak to go on.`,
  ended: () => "Ended. Speak to go on.",
};
const GONE = "The program does not answer. Look whether it still runs; what was said so far is kept.";
let phase = "";
let asked = "";
let listed = 0;
const typed = /** @type {HTMLTextAreaElement} */ (document.querySelector("#typed"));
/** Where words that were typed and not yet sent are kept; a reload finds them again. */
const draft = () => `draft: ${asked}`;

/** @param {string} name @param {string} text */
const wish = (name, text = "") => fetch("/live/wish", { method: "POST", body: new URLSearchParams({ wish: name, text }) });

/** @param {Shown} shown */
function show(shown) {
  const isNew = phase !== shown.phase || asked !== (shown.asked ?? "");
  phase = shown.phase;
  asked = shown.asked ?? "";
  room.classList.toggle("is-typing", phase === "typing");
  const listening = ["listening", "paused", "interrupted", "counting"].includes(phase);
  part("asked").textContent === (shown.asked ?? "") || (part("asked").textContent = shown.asked ?? "");
  const where = shown.kind === "interview" && shown.question ? `Question ${shown.question} of ${shown.questions}${shown.probe ? `, follow-up ${shown.probe}` : ""}` : "";
  const isDrill = shown.kind === "drill";
  part("where").textContent = isDrill && shown.questions ? `Stage ${shown.question} of ${shown.questions}` : where;
  part("lamp").className = `lamp ${phase === "listening" && shown.is_live ? "is-live" : ""} ${phase === "paused" ? "is-paused" : ""}`;
  let state = phase === "listening" ? (shown.is_live ? "listening" : "opening the microphone") : STATES[/** @type {keyof STATES} */ (phase)] ?? "";
  if (phase === "writing" && shown.progress) state += `, ${Math.round(100 * shown.progress)} %`;
  if (phase === "failed") state = shown.fault ?? state;
  if (part("state").textContent !== state) part("state").textContent = state;
  part("time").hidden = !listening;
  const seconds = Math.floor(shown.recorded_s ?? 0);
  part("time").textContent = phase === "counting" ? String(shown.countdown ?? "") : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  part("level").toggleAttribute("hidden", !listening);
  part("level").querySelector(".fill")?.setAttribute("width", `${100 * (shown.level ?? 0)}%`);
  part("interruption").hidden = !(listening && shown.interruption);
  part("interruption").textContent = shown.interruption ?? "";
  coach(listening ? shown.stage ?? null : null);
  const ends = ENDS[/** @type {keyof ENDS} */ (listening ? shown.ending : "")];
  part("ending").hidden = !ends;
  part("ending-words").textContent = ends ? ends(shown.countdown ?? 0) : "";
  part("keys").hidden = !(listening || phase === "typing");
  for (const button of part("keys").querySelectorAll("button")) {
    const only = button.getAttribute("data-for");
    const needsSound = ["done", "pause", "retake", "microphone"].includes(button.getAttribute("data-wish") ?? "");
    button.hidden = (only !== null && !only.split(" ").includes(shown.kind)) || (phase === "typing" && needsSound);
  }
  part("done").textContent = !isDrill ? "I am done" : phase === "counting" ? "Now" : shown.question === shown.questions ? "Done" : "Next stage";
  part("pause").textContent = phase === "paused" ? "Go on" : "Pause";
  part("hearing").hidden = phase !== "asking";
  const typing = /** @type {HTMLDetailsElement} */ (part("type"));
  const offered = shown.kind === "interview" && (listening || phase === "typing");
  if (phase === "typing") typing.open = true;
  typing.hidden = !offered;
  if (isNew && offered && !typed.value) typed.value = sessionStorage.getItem(draft()) ?? "";
  part("guess").hidden = phase !== "guessing";
  part("guess-seconds").hidden = !shown.guesses_seconds;
  // whoever begins to type means the answer, not a key
  if (isNew && phase === "typing") typed.focus();
  if (isNew && phase === "guessing") /** @type {HTMLElement|null} */ ([...part("guess").querySelectorAll("input, select")].find((field) => /** @type {HTMLElement} */ (field).offsetParent))?.focus();
  part("lines").replaceChildren(...shown.lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  part("engine").textContent = phase === "writing" ? (shown.engine ?? "") : "";
  part("reply").hidden = !shown.reply || phase === "over";
  if (shown.reply) {
    part("reply-verdict").textContent = shown.reply.words ? `Practice verdict: ${shown.reply.words}` : "";
    part("reply-verdict").className = `verdict-word v-${shown.reply.verdict ?? "none"}`;
    if (part("reply-line").textContent !== shown.reply.line) part("reply-line").textContent = shown.reply.line;
  }
  list(shown);
  part("back").hidden = !(phase === "failed" || (phase === "over" && shown.kind !== "interview"));
  part("by-typing").hidden = !(phase === "failed" && shown.kind === "interview" && !shown.is_typed);
  if (shown.next) location.replace(shown.next);
}

/** The stage ruler. @param {StageNow|null} now */
function coach(now) {
  part("stage").hidden = !now;
  if (!now) return;
  part("stage").className = `coach ${now.name} is-${now.status ?? ""}`;
  part("stage-name").textContent = now.name;
  part("stage-time").textContent = `${now.told_s} of ${now.target_s} s`;
  part("stage-age").textContent = now.age_s === null ? "" : `as of ${now.age_s} s ago`;
  part("stage").querySelector(".fill")?.setAttribute("width", `${100 * now.share}%`);
  for (const end of ["x1", "x2"]) part("stage").querySelector("line")?.setAttribute(end, `${100 * now.target_share}%`);
  part("cue").textContent = now.cue ?? "";
}

/** @param {Shown} shown */
function list(shown) {
  const isNew = phase === "over" && part("after").hidden;
  part("results").hidden = phase !== "over"; // a verdict is no company for the next question
  part("after").hidden = phase !== "over";
  // Enter leads on: to the report, or to another question
  if (isNew) setTimeout(() => /** @type {HTMLElement|null} */ (part("results").querySelector("a"))?.focus());
  if (shown.results.length === listed) return;
  listed = shown.results.length;
  part("result-list").replaceChildren(...shown.results.map((result) => {
    const item = document.createElement("li");
    const words = Object.assign(document.createElement("span"), { className: `verdict-word v-${result.verdict ?? "none"}`, textContent: result.words });
    const title = document.createElement(result.link ? "a" : "span");
    title.className = "title";
    title.textContent = result.question;
    if (result.link) title.setAttribute("href", result.link);
    item.append(words, title);
    return item;
  }));
}

room.addEventListener("click", (event) => {
  const name = /** @type {Element} */ (event.target).closest("[data-wish]")?.getAttribute("data-wish");
  if (name) wish(name);
});
part("guess").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (part("guess"));
  wish("guess", JSON.stringify(Object.fromEntries(new FormData(form))));
  form.reset();
});
part("typed").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = typed.value;
  if (!words.trim()) return;
  const kept = draft();
  const isHeard = await wish("typed", words).then((answer) => answer.ok, () => false);
  if (!isHeard) return isGone();
  sessionStorage.removeItem(kept);
  if (typed.value === words) typed.value = "";
});
part("typed").addEventListener("input", () => {
  sessionStorage.setItem(draft(), typed.value);
  if (!part("ending").hidden) wish("undo"); // whoever types is not done
});
document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || target.closest("textarea, input, select, summary")) return;
  if (event.key === "Enter" && target.closest("button, a")) return;
  const name = phase === "asking" && event.key === "Enter" ? "go" : KEYS[/** @type {keyof KEYS} */ (event.key)];
  if (name && ["listening", "paused", "asking", "counting"].includes(phase)) {
    event.preventDefault();
    wish(name);
  }
});

/** Say that nobody answers; the browser goes on asking, and what comes then takes the line away. */
function isGone() {
  part("lamp").className = "lamp";
  part("state").textContent = GONE;
}

const stream = new EventSource("/live/events");
stream.addEventListener("message", (event) => {
  const shown = /** @type {Shown} */ (JSON.parse(event.data));
  show(shown);
  if (["over", "failed"].includes(shown.phase)) stream.close();
});
stream.addEventListener("error", () => { if (!["over", "failed"].includes(phase)) isGone(); });
document.documentElement.dataset.ready = "yes";
