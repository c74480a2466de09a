// @ts-check
// The page of an answer: hear it from anywhere, see why a part was read as it was, put it right.
// Nothing is judged here. What was corrected goes to the server, which sends the answer anew.

/** @typedef {{first: number, end: number, stage: string, start: number|null, stop: number|null, confidence: number, named: boolean, because: string[], text: string}} Unit */
/** @typedef {{words: [number|null, number|null][], units: Unit[], axis: number|null, duration: number|null, links: Record<string, string>, gap: number}} AnswerData */

/** @param {number} seconds */
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** @param {string} text @returns {[number, number][]} */
const spansOf = (text) => text.split(",").map((part) => /** @type {[number, number]} */ (part.split("-").map(Number)));

class Answer {
  /** @param {HTMLElement} article */
  constructor(article) {
    this.article = article;
    /** @type {AnswerData} */
    this.data = JSON.parse(article.querySelector(".answer-data")?.textContent ?? "{}");
    this.audio = /** @type {HTMLAudioElement} */ (article.querySelector("audio.sound") ?? new Audio());
    /** @type {[number, number][]} */
    this.spans = [];
    /** @type {Element|null} */
    this.button = null;
    this.chosen = -1;
    article.addEventListener("click", (event) => this.onClick(event));
    article.addEventListener("keydown", (event) => this.onKey(event));
    this.audio.addEventListener("ended", () => this.stop());
    for (const border of article.querySelectorAll(".border")) this.movable(/** @type {SVGElement} */ (border));
    if (this.data.links.sound) this.audio.preload = "none";
  }

  // ---- hearing

  /** Play stretches of the answer one after the other. @param {[number, number][]} spans @param {Element|null} button */
  play(spans, button = null) {
    const same = button !== null && button === this.button;
    this.stop();
    if (same) return;
    this.spans = spans;
    this.button = button;
    button?.classList.add("is-playing");
    if (this.data.links.sound) {
      // the server cuts to the sample, so exactly these seconds are heard
      this.audio.src = `${this.data.links.sound}&spans=${spans.map((span) => span.join("-")).join(",")}`;
    } else {
      this.audio.currentTime = spans[0][0];
    }
    this.audio.play().catch(() => this.stop());
    this.follow();
  }

  stop() {
    this.audio.pause();
    this.button?.classList.remove("is-playing");
    this.button = null;
    this.spans = [];
    this.show(null);
  }

  follow() {
    if (!this.spans.length) return;
    let at = this.audio.currentTime;
    if (this.data.links.sound) {
      let left = at;
      for (const [start, end] of this.spans) {
        at = start + Math.min(Math.max(left, 0), end - start);
        if (left <= end - start) break;
        left -= end - start + this.data.gap;
      }
    } else if (at >= this.spans[0][1]) {
      if (this.spans.length === 1) return this.stop();
      this.spans = this.spans.slice(1);
      this.audio.currentTime = at = this.spans[0][0];
    }
    this.show(at);
    requestAnimationFrame(() => this.follow());
  }

  /** @param {number|null} at */
  show(at) {
    const head = this.article.querySelector(".playhead");
    const total = Number(this.article.querySelector("[data-play^='0-']")?.getAttribute("data-play")?.slice(2) ?? 0);
    const told = this.article.querySelector(".position");
    if (told && total) told.textContent = `${clock(at ?? 0)} / ${clock(total)}`;
    if (!head) return;
    head.toggleAttribute("hidden", at === null);
    for (const unit of this.article.querySelectorAll(".said .is-now")) unit.classList.remove("is-now");
    if (at === null || !this.data.axis) return;
    const x = `${(100 * at) / this.data.axis}%`;
    head.setAttribute("x1", x);
    head.setAttribute("x2", x);
    const now = this.data.units.findLastIndex((unit) => unit.start !== null && unit.start <= at);
    this.article.querySelector(`.said [data-unit="${now}"]`)?.classList.add("is-now");
  }

  // ---- choosing

  /** @param {MouseEvent} event */
  onClick(event) {
    const target = /** @type {Element} */ (event.target);
    const button = target.closest("[data-play]");
    if (button) return this.play(spansOf(button.getAttribute("data-play") ?? ""), button);
    const sound = target.closest("[data-sound]")?.getAttribute("data-sound");
    if (sound) {
      this.stop();
      this.audio.src = sound;
      this.audio.play();
      return;
    }
    const stage = target.closest(".choice [data-stage]")?.getAttribute("data-stage");
    if (stage) return this.relabel(stage);
    if (target.closest("#unit-close")) return this.close();
    if (target.closest("#unit-play")) return this.playUnit(this.chosen);
    if (target.closest(".border")) return;
    const unclear = target.closest(".unclear");
    if (unclear && this.correct(Number(unclear.getAttribute("data-word")))) return;
    const unit = target.closest("[data-unit]");
    if (unit && !String(getSelection()).trim()) {
      const number = Number(unit.getAttribute("data-unit"));
      if (unit instanceof SVGElement) this.playFrom(event, unit);
      this.choose(number, false);
    }
  }

  /** Open the words for correction, at this one. @param {number} word @returns {boolean} */
  correct(word) {
    const text = /** @type {HTMLTextAreaElement|null} */ (this.article.querySelector("#text"));
    if (!text) return false;
    text.closest("details")?.setAttribute("open", "");
    const words = text.value.split(" ");
    const start = words.slice(0, word).join(" ").length + (word ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (words[word] ?? "").length);
    return true;
  }

  /** Play from where the ruler was clicked. @param {MouseEvent} event @param {SVGElement} unit */
  playFrom(event, unit) {
    const all = this.article.querySelector("[data-play^='0-']");
    const ruler = unit.ownerSVGElement;
    if (!all || !ruler || !this.data.axis || !event.detail) return;
    const box = ruler.getBoundingClientRect();
    const at = Math.max(0, ((event.clientX - box.left) / box.width) * this.data.axis);
    this.stop();
    this.play([[Number(at.toFixed(3)), spansOf(all.getAttribute("data-play") ?? "")[0][1]]], all);
  }

  /** @param {number} number */
  playUnit(number) {
    const unit = this.data.units[number];
    const button = this.article.querySelector("#unit-play");
    if (unit?.start !== null && unit?.stop !== null) this.play([[unit.start, unit.stop]], button);
  }

  /** Show why a unit was read as it was. @param {number} number @param {boolean} withFocus */
  choose(number, withFocus) {
    const unit = this.data.units[number];
    const panel = /** @type {HTMLElement|null} */ (this.article.querySelector("#unit-panel"));
    if (!unit || !panel) return;
    this.chosen = number;
    for (const each of this.article.querySelectorAll("[data-unit]"))
      each.classList.toggle("is-chosen", each.getAttribute("data-unit") === String(number));
    panel.className = `card unit-panel no-print ${unit.stage}`;
    const say = (/** @type {string} */ id, /** @type {string} */ text) => {
      const element = panel.querySelector(id);
      if (element) element.textContent = text;
    };
    const stage = unit.stage === "none" ? "no stage" : unit.stage;
    const at = unit.start === null ? "" : ` at ${clock(unit.start)}`;
    const sure = unit.named ? "you said so" : `${Math.round(100 * unit.confidence)} % sure`;
    say("#unit-heading", `Read as ${stage}${at}: ${sure}`);
    say("#unit-text", unit.text);
    const cues = [...new Set(unit.because)].map((phrase) => `“${phrase}”`).join(", ");
    say("#unit-because", cues ? `Decided by ${cues}, and by what stands around it.` : "");
    for (const button of panel.querySelectorAll("[data-stage]"))
      button.setAttribute("aria-pressed", String(button.getAttribute("data-stage") === unit.stage));
    panel.hidden = false;
    if (withFocus) /** @type {HTMLElement} */ (panel.querySelector("#unit-heading")).focus();
  }

  close() {
    const panel = /** @type {HTMLElement|null} */ (this.article.querySelector("#unit-panel"));
    if (panel) panel.hidden = true;
    for (const each of this.article.querySelectorAll(".is-chosen")) each.classList.remove("is-chosen");
    this.focusUnit(this.chosen);
  }

  /** @param {number} number */
  focusUnit(number) {
    const units = [...this.article.querySelectorAll(".ruler .unit")];
    const wanted = /** @type {SVGElement|undefined} */ (units[number]);
    if (!wanted) return;
    for (const unit of units) unit.setAttribute("tabindex", unit === wanted ? "0" : "-1");
    wanted.focus();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const target = /** @type {Element} */ (event.target);
    if (event.key === "Escape" && !this.article.querySelector("#unit-panel")?.hasAttribute("hidden")) return this.close();
    if (target.matches(".ruler .unit")) {
      const number = Number(target.getAttribute("data-unit"));
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) this.focusUnit(Math.min(this.data.units.length - 1, Math.max(0, number + step)));
      else if (event.key === "Enter") this.choose(number, true);
      else if (event.key === " ") this.playUnit(number);
      else return;
      event.preventDefault();
    } else if (target.matches(".border")) {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (step) this.moveTo(target, Number(target.getAttribute("data-at") ?? target.getAttribute("data-word")) + step);
      else if (event.key === "Enter" || event.key === " ") this.settle(target);
      else return;
      event.preventDefault();
    }
  }

  // ---- putting right

  /** @param {SVGElement} border */
  movable(border) {
    const ruler = border.ownerSVGElement;
    border.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      border.setPointerCapture(event.pointerId);
      border.classList.add("is-moving");
    });
    border.addEventListener("pointermove", (event) => {
      if (!border.classList.contains("is-moving") || !ruler || !this.data.axis) return;
      const box = ruler.getBoundingClientRect();
      const at = ((event.clientX - box.left) / box.width) * this.data.axis;
      let word = this.data.words.findIndex(([start, end]) => (Number(start) + Number(end)) / 2 >= at);
      if (word < 0) word = this.data.words.length;
      this.moveTo(border, word);
    });
    border.addEventListener("pointerup", () => {
      border.classList.remove("is-moving");
      this.settle(border);
    });
    border.addEventListener("blur", () => this.settle(border));
  }

  /** @param {Element} border @param {number} word */
  moveTo(border, word) {
    const [lowest, highest] = ["lowest", "highest"].map((name) => Number(border.getAttribute(`data-${name}`)));
    const at = Math.min(highest, Math.max(lowest, word));
    const start = this.data.words[at][0];
    if (start === null || !this.data.axis) return;
    border.setAttribute("data-at", String(at));
    const x = `${(100 * start) / this.data.axis}%`;
    for (const name of ["x1", "x2"]) border.querySelector("line")?.setAttribute(name, x);
    border.querySelector("svg")?.setAttribute("x", x);
    border.setAttribute("aria-valuenow", start.toFixed(1));
    border.setAttribute("aria-valuetext", clock(start));
  }

  /** A border was let go: the words between its old and its new place change their stage. @param {Element} border */
  settle(border) {
    const was = Number(border.getAttribute("data-word"));
    const at = Number(border.getAttribute("data-at") ?? was);
    if (at === was) return;
    const stage = border.getAttribute(at > was ? "data-before" : "data-after") ?? "none";
    border.setAttribute("data-word", String(at));
    this.send(Math.min(was, at), Math.max(was, at), stage);
  }

  /** @param {string} stage */
  relabel(stage) {
    const unit = this.data.units[this.chosen];
    if (unit && unit.stage !== stage) this.send(unit.first, unit.end, stage);
  }

  /** @param {number} first @param {number} end @param {string} stage */
  async send(first, end, stage) {
    const body = new URLSearchParams({ first: String(first), end: String(end), stage });
    const reply = await fetch(this.data.links.marks, { method: "POST", body });
    const said = document.querySelector("#said");
    if (!reply.ok) {
      if (said) said.textContent = await reply.text();
      return;
    }
    this.stop();
    const chosen = this.chosen;
    const holder = document.createElement("div");
    holder.innerHTML = await reply.text();
    const anew = /** @type {HTMLElement} */ (holder.querySelector(".answer"));
    this.article.replaceWith(anew);
    const answer = new Answer(anew);
    if (chosen >= 0) answer.choose(answer.data.units.findIndex((unit) => unit.first >= first), true);
    const verdict = anew.querySelector("[data-part=verdict]")?.textContent;
    const told = anew.querySelector("#said");
    if (told) told.textContent = `Kept. The practice verdict is now: ${verdict}.`;
    document.dispatchEvent(new CustomEvent("answer-anew"));
  }
}

for (const article of document.querySelectorAll(".answer")) new Answer(/** @type {HTMLElement} */ (article));
document.documentElement.dataset.ready = "yes";
