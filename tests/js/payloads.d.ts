// What the server gives the page, made from the TypedDicts of playground/views by tests/js/payloads.py: `make docs`.

declare namespace answering {
  interface AnswerRow {
    question: string;
    answer: string;
    answered: boolean;
    p: number;
    percent: string;
  }
  /** `asked` questions in all; `chosen` is the row shown below. */
  interface AnswersView {
    rows: AnswerRow[];
    asked: number;
    chosen: number;
  }
  interface Chance {
    p: number;
    percent: string;
  }
  /**
   * `arrays`: `starts` and `ends` in UTF-16 units and `edges`, a number a token; `start_logits` and `end_logits` of all windows, one
   * after another. `stamp` tells two runs apart; `null`, `log_sum`, `threshold` (null: none) and `temperature` make probabilities.
   */
  interface ExplainedView {
    stamp: number;
    question: string;
    context: string;
    arrays: string;
    windows: WindowView[];
    spans: SpanView[];
    null: number;
    log_sum: number;
    threshold: number | null;
    temperature: number;
    longest: number;
    stride: number;
    max_tokens: number;
    no_answer: Chance;
    model: string;
    measured: MeasuredHere | null;
  }
  /** `here`: what was measured on contexts as long as this one. */
  interface MeasuredHere {
    test: string;
    f1: number;
    f1_always: number;
    error: number;
    long_threshold: number;
    short_threshold: number;
    short_tokens: number;
    adversarial: number;
    here: MeasuredOn;
  }
  /** On `rows` questions of `test` with an answer; `thresholds`: [threshold, F1 %, share answered, share of those without one refused]. */
  interface MeasuredOn {
    test: string;
    rows: number;
    thresholds: number[][];
  }
  /** `signed`: what the word adds, as a share of the largest, −1 to 1; `instead`: the best answer without it, `flips` if another. */
  interface QuestionWord {
    text: string;
    adds: string;
    signed: number;
    without: string;
    instead: string;
    flips: boolean;
  }
  interface QuestionWordsView {
    words: QuestionWord[];
    span: string;
    best: string;
    margin: string;
    window: number;
    sentence: string;
  }
  /** Tokens `first` to `last`; `start` and `end` are their logits, `score` the sum; `place` in words. */
  interface SpanView {
    text: string;
    first: number;
    last: number;
    start: number;
    end: number;
    score: number;
    window: number;
    p: number;
    percent: string;
    place: string;
  }
  /** Tokens `first` up to, not including, `stop`; `start_null` and `end_null` are the logits of [CLS], with their probabilities. */
  interface WindowView {
    first: number;
    stop: number;
    start_null: number;
    end_null: number;
    start_null_p: number;
    end_null_p: number;
    score: number;
    p: number;
    percent: string;
    text: string;
    best: number[];
  }
}

declare namespace attention {
  /** Shares of the largest of each side; `score_share` below 0 moves the result down where the view is signed. */
  interface InfluenceRow {
    label: string;
    weight: number;
    weight_share: number;
    score: number;
    score_share: number;
  }
  interface InfluenceView {
    title: string;
    rows: InfluenceRow[];
    sentence: string;
    signed: boolean;
  }
  /** One key, from score to share; `weight` as asked, `plain` as the model has it; `part` is weight × value. */
  interface KeySteps {
    place: number;
    label: string;
    key: Strip;
    score: string;
    scaled: string;
    bias: string;
    mask: string;
    weight: number;
    weight_text: string;
    plain: string;
    value: Strip;
    part: Strip;
    share: string;
  }
  interface RestOfKeys {
    count: number;
    weight_text: string;
    part: Strip;
    share: string;
  }
  /** `keys`: the strongest, `rest` all others; `sentences` by stage: query, scores, scaled, mask, softmax, values, joined, projected. */
  interface StepsView {
    formula: string;
    title: string;
    before: Strip | null;
    query: Strip;
    keys: KeySteps[];
    rest: RestOfKeys | null;
    output: Strip;
    joined: Strip;
    projected: Strip;
    head: number;
    size: number;
    scaled: string;
    biased: boolean;
    changed: boolean;
    sentences: Record<string, string>;
  }
  /** A vector and its length. */
  interface Strip {
    numbers: number[];
    norm: string;
  }
}

declare namespace embeddings {
  interface AnatomyView {
    columns: ModelColumn[];
    words: string[];
    sentence: string;
  }
  /** `arrays`: `stages` float16 (stages, width), the token's vector at each; `along` (neurons, tokens), what each fires at. */
  interface BlockView {
    title: string;
    tokens: TokenChip[];
    token: number;
    layer: number;
    layers: number;
    stages: StageView[];
    neurons: NeuronView[];
    arrays: string;
    sublayers: string[];
    flow: number[][];
    stream: number[];
    formula: string;
    norm_formula: string;
    stages_sentence: string;
    lengths_sentence: string;
    neurons_sentence: string;
    flow_sentence: string;
  }
  /** `share` of all the model's parameters; `aside`: what is said of it beside the count. */
  interface ComponentView {
    stack: string;
    name: string;
    times: string;
    parameters: string;
    share: number;
    detail: string;
    aside: string;
  }
  /**
   * `arrays`: part0, part1, … and, where there is a first norm, normed (tokens, width), and cosines; `second`: where text B begins.
   *
   * `first`: the pair of tokens shown first. `lengths` by part, of one row where all tokens have the same; `norms` (stages, tokens).
   */
  interface EmbeddingsView {
    tokens: TokenChip[];
    second: number;
    width: number;
    parts: PartView[];
    arrays: string;
    stages: string[];
    lengths: Record<string, number[]>;
    norms: number[][];
    first: number[];
    parts_sentence: string;
    pair_sentence: string;
  }
  interface MaskView {
    name: string;
    kind: "full" | "past";
  }
  /** `wiring`: for each stack the lines of a block; `facts`: (name, value). */
  interface ModelColumn {
    name: string;
    family: string;
    sees: string;
    uses: string;
    masks: MaskView[];
    components: ComponentView[];
    total: string;
    tied: string;
    wiring: Record<string, string[]>;
    head: string;
    facts: [string, string][];
  }
  /** `to`: its place in the shuffled text; cosines of its last vector with itself there, `kept` with positions, `bare` without. */
  interface MovedToken {
    text: string;
    special: boolean;
    to: number;
    kept: number;
    bare: number;
  }
  /** `arrays`: `weights` float16 (heads, tokens, tokens). */
  interface MultiHeadView {
    names: string[];
    rows: OutputRow[];
    heads: number;
    arrays: string;
    sentence: string;
    formula: string;
  }
  interface Neighbour {
    label: string;
    id: number;
    cosine: number;
  }
  interface NeighboursView {
    title: string;
    rows: Neighbour[];
    sentence: string;
  }
  interface NeuronView {
    number: number;
    activation: number;
    added: number;
    promotes: string[];
  }
  /** The first numbers of a token's vector, as text, from all three. */
  interface OutputRow {
    label: string;
    ours: string;
    torch: string;
    own: string;
  }
  /** `rows`: one for each token, or 1 where all have the same. */
  interface PartView {
    name: string;
    rows: number;
  }
  /** One of `table`, `bias` and `rotary` is there. `arrays`: the first's numbers and `cosines`, or the second's, float16. */
  interface PositionsView {
    kind: string;
    title: string;
    sentence: string;
    formula: string;
    table?: Size;
    bias?: Size;
    arrays?: string;
    by_distance?: number[];
    rotary?: RotaryView;
  }
  /** A query and a key not yet turned; pair i turns by place × `frequencies`[i]. `curve`: the scaled score by distance. */
  interface RotaryView {
    query: number[];
    key: number[];
    frequencies: number[];
    scale: number;
    curve: number[];
    query_label: string;
    key_label: string;
    query_place: number;
    key_place: number;
  }
  interface ShuffleView {
    tokens: MovedToken[];
    order: string;
    sentence: string;
  }
  /** `cosines` (texts, texts). */
  interface SimilarityView {
    texts: string[];
    cosines: number[][];
    sentence: string;
  }
  interface Size {
    rows: number;
    width: number;
  }
  /** `kind`: the residual "stream", a "norm" of it, or what is "added"; `length` of this token's vector, `norms` of every token's. */
  interface StageView {
    name: string;
    kind: string;
    length: number;
    norms: number[];
  }
  interface TokenChip {
    text: string;
    special: boolean;
  }
}

declare namespace generation {
  /** GenerationRequest, field by field; `written`: ids that the text begins with. */
  interface AskedRun {
    prompt: string;
    model: string;
    chat: boolean;
    temperature: number;
    top_k: number;
    top_p: number;
    repetition_penalty: number;
    beams: number;
    max_new_tokens: number;
    seed: number | null;
    min_p: number;
    written: number[];
    alternatives: number;
  }
  interface FiguresView {
    figures: [string, string][];
    texts: PartedText[];
  }
  interface FinishedBeam {
    text: string;
    nodes: number[];
    total: string;
    score: string;
    tokens: number;
  }
  /** Figures as (name, value with unit), prompt + output against the window, and what to fill in for the same again (web/stage). */
  interface GenerationView {
    figures: [string, string][];
    meter: shared.Meter;
    repeat: Record<string, string>;
  }
  interface Guess {
    text: string;
    p: number;
    percent: string;
  }
  /** A layer's best next tokens; `rank` of the one the model says, `first` where that is the likeliest here too. */
  interface LensRow {
    name: string;
    guesses: Guess[];
    rank: string;
    first: boolean;
  }
  interface LensToken {
    text: string;
    special: boolean;
    newline: boolean;
  }
  interface LensView {
    tokens: LensToken[];
    position: number;
    rows: LensRow[];
    final: string;
    model: string;
  }
  /** `same` in both ways, then the `rest` that is not. */
  interface PartedText {
    name: string;
    same: string;
    rest: string;
  }
  /** One list a column, a row a token; `p`, `bits` and `expected_p` are null for the first token. `own`: not put in by the template. */
  interface ReadingView {
    labels: string[];
    ids: number[];
    special: boolean[];
    own: boolean[];
    p: (number | null)[];
    bits: (number | null)[];
    expected: string[];
    expected_p: (number | null)[];
    figures: [string, string][];
    rendered: string;
  }
  /** `place`: which token of the text it is, from 1. */
  interface StepValue {
    asked: AskedRun;
    drawn: number | null;
    turn: number;
    place: number;
  }
  /** `nodes`: (step, parent (−1: the prompt), text, ln p, total, rank, fate); `finished`, best first, name theirs by number. */
  interface TreeView {
    beams: number;
    steps: number;
    nodes: [number, number, string, number, number, number, string][];
    finished: FinishedBeam[];
  }
  /**
   * One column, of the model's own probabilities (temperature 1): `total`, `mean` (a token, natural log) and `perplexity` as text.
   *
   * `value` is the mean: a sum falls with every token, so sums compare only texts of one length.
   */
  interface Way {
    name: string;
    said: string;
    text: string;
    tokens: WayToken[];
    total: string;
    mean: string;
    perplexity: string;
    value: number;
  }
  interface WayToken {
    text: string;
    p: number;
    newline: boolean;
  }
  interface WaysView {
    ways: Way[];
    tree: TreeView | null;
  }
}

declare namespace learn {
  interface CardView {
    title: string;
    text: string;
    found: string;
    steps: string[];
    see: SeeView[];
    program: shared.ProgramView | null;
    solution: shared.ProgramView | null;
  }
  interface CardsView {
    back: string;
    cards: CardView[];
  }
  interface ChapterView {
    id: string;
    title: string;
    steps: StepView[];
  }
  /** A cell is a text, in which `code` and **strong** are marks, or a source. */
  interface FactsTable {
    columns: string[];
    rows: ((string | Source)[])[];
    caption: string;
  }
  /** `texts` sentences; `body` names the model and where it came from. */
  interface FreshHeadView {
    rows: HeadRow[];
    texts: number;
    body: string;
  }
  /** `texts`: the share of sentences got right, and the share given the commoner label. */
  interface HeadRow {
    label: string;
    share: number;
    texts: string[];
    trained: boolean;
  }
  /** What was run, what the library said, and (name, text) of what it means, what to do, and what came of it. */
  interface IssueView {
    code: string;
    said: string;
    rows: [string, string][];
  }
  interface LessonView {
    chapters: ChapterView[];
  }
  /** With `options` it is marked, and `right` counts from 0; without, `why` is an answer to compare with. */
  interface QuestionView {
    id: string;
    lesson: boolean;
    text: string;
    why: string;
    see: shared.SceneView | null;
    options?: string[];
    right?: number;
  }
  interface QuizView {
    questions: QuestionView[];
  }
  interface SeeView {
    label: string;
    scene: shared.SceneView;
  }
  /** A text that leads to an https address. */
  interface Source {
    text: string;
    link: string;
  }
  interface StepView {
    title: string;
    text: string;
    label: string;
    see: shared.SceneView | null;
    terms: TermView[];
    table: FactsTable | null;
    program: shared.ProgramView | null;
  }
  /** `said` names the source, `link` is its https address. */
  interface TermView {
    term: string;
    definition: string;
    said: string;
    link: string;
  }
}

declare namespace sentiment {
  interface Agreement {
    sentence: string;
    rows: AgreementRow[];
  }
  /** `shares` of the largest score, −1 to 1, by method. */
  interface AgreementRow {
    word: string;
    shares: number[];
    scores: string[];
  }
  /** `colours`: that of what speaks “for” the label, and “against” it; `run` tells two runs apart where the panel says it. */
  interface AttributionView {
    text: string;
    model: string;
    label: string;
    colours: Record<string, string>;
    methods: Method[];
    agreement: Agreement | null;
    run?: string;
  }
  /** How far a model's probabilities can be trusted, measured when it was trained; no `rows` where nothing was. */
  interface Calibration {
    sentence: string;
    rows: ConfidenceRange[];
  }
  /** How many answers were given with a confidence of this `range`, and what `share` of them were right. */
  interface ConfidenceRange {
    range: string;
    share: number;
    right: string;
    sure: string;
    count: string;
  }
  interface Confusion {
    labels: string[];
    rows: ConfusionRow[];
  }
  /** `share` of its row. */
  interface ConfusionCell {
    number: string;
    share: number;
  }
  interface ConfusionRow {
    given: string;
    cells: ConfusionCell[];
  }
  interface LabelChange {
    label: string;
    logit: string;
    chance: string;
  }
  interface LabelCount {
    label: string;
    share: number;
    number: string;
    percent: string;
    colour: string;
  }
  /** `p` from 0 to 1; `colour` is a name of base.css's, "" for the first. */
  interface LabelScore {
    label: string;
    p: number;
    percent: string;
    logit: string;
    colour: string;
  }
  interface LineError {
    row: string;
    text: string;
    said: string;
    given: string;
  }
  interface LineErrors {
    title: string;
    rows: LineError[];
  }
  /** By unit, “word” and “token”: the units, what both ends of the scale mean (blue, orange), how the numbers add up, and a sentence. */
  interface Method {
    name: string;
    units: Record<string, Unit[]>;
    ends: Record<string, string[]>;
    figures: Record<string, [string, string][]>;
    sentence: Record<string, string>;
  }
  /** `scores` likeliest first; `softmax` in the model's own order. */
  interface SentimentRow {
    text: string;
    label: string;
    reason: string;
    unread: string;
    tokens: number;
    scores: LabelScore[];
    softmax: SoftmaxSteps;
  }
  /** Without texts there are no rows, and nothing else. */
  interface SentimentView {
    rows: SentimentRow[];
    model?: string;
    slug?: string;
    calibration?: Calibration;
  }
  interface SoftmaxRow {
    label: string;
    logit: string;
    raised: string;
    share: string;
    percent: string;
  }
  interface SoftmaxSteps {
    rows: SoftmaxRow[];
    total: string;
    sentence: string;
  }
  interface TextPart {
    text: string;
    changed: boolean;
  }
  interface TextSide {
    title: string;
    parts: TextPart[];
    scores: LabelScore[];
  }
  /** Two `sides`, and what the difference did to each label. */
  interface TwoTextsView {
    sides: TextSide[];
    changes: LabelChange[];
  }
  /**
   * One word or token: `score` in log-odds; `signed` a share of the largest, above 0 for orange.
   *
   * `word`: the number of its word, −1 for none. `joined`: it goes on where the one before ended; `newline`: a line break follows.
   */
  interface Unit {
    text: string;
    score: number;
    shown: string;
    signed: number;
    word: number;
    joined: boolean;
    said: string;
    newline?: boolean;
  }
  /** `confusion` is null where the file gives no label that the model has. */
  interface VerdictsView {
    figures: [string, string][];
    counts: LabelCount[];
    confusion: Confusion | null;
    remarks: string[];
    errors: LineErrors[];
  }
}

declare namespace shared {
  /** How much of it a text fills: `share` may pass 1. */
  interface FilledWindow {
    model: string;
    organisation: string;
    window: number;
    date: string;
    tokenizer: string;
    source: string;
    share: number;
    percent: string;
  }
  /** The head that the attention lab shows; `pins` are pinned tokens' places. */
  interface Head {
    kind?: string;
    layer?: number;
    head?: number | string;
    pins?: number[];
  }
  /** The attention lab's view; what it reads stands in the inputs. */
  interface LabView {
    view: Head;
  }
  /** `used` of `window` tokens. `share` may pass 1. */
  interface Meter {
    used: number;
    window: number;
    share: number;
    text: string;
  }
  interface ModelLine {
    model: string;
    name: string;
    state: string;
    detail: string;
    share: number | null;
  }
  /** What `web/note.js` shows: a sentence, a bar where `total` is known, and a `tone` ("", "busy" or "bad"). */
  interface Note {
    text?: string;
    done?: number;
    total?: number;
    tone?: string;
  }
  /** A program, and the name its file is saved under. */
  interface ProgramView {
    text: string;
    name: string;
  }
  /** A button that is pressed; `turn` tells one run of it from another. */
  interface Run {
    run: string;
    turn: number;
  }
  /** A state, and what to look for in it. */
  interface SceneView {
    state: State;
    look: string;
  }
  /** What a page shows. Inputs that `values` does not name hold what they first hold; parts that are not `open` are closed. */
  interface State {
    version: number;
    tab: string;
    values: Record<string, string | boolean | number | number>;
    open: string[];
    runs: Run[];
    views: Record<string, LabView>;
    at: string;
  }
  interface StatusView {
    models: ModelLine[];
    device: string;
    waiting: number;
    settled: boolean;
  }
}

declare namespace tokens {
  /** A piece that fits from letter `start` to `end`; `score` its log probability; `on`: the best path takes it. */
  interface Arc {
    start: number;
    end: number;
    label: string;
    score: number;
    known: boolean;
    on: boolean;
  }
  /** `written`: how many tokens the answer would have. */
  interface BudgetView {
    figures: [string, string][];
    meter: shared.Meter;
    caution: string;
    windows: shared.FilledWindow[];
    prices: PriceRow[];
    written: string;
  }
  /** `odd`: not all tokenizers have this token; `lines` breaks follow it; `special`: a control token, typed in the text. */
  interface ContrastChip {
    text: string;
    odd: boolean;
    lines: number;
    special: boolean;
    said: string;
  }
  interface ContrastRow {
    name: string;
    scheme: string;
    chips: ContrastChip[];
    count: string;
    share: number;
    per: string;
    lost: string;
    odd: string;
  }
  /** `text`: its beginning; `more` tokens are not drawn. */
  interface ContrastView {
    text: string;
    rows: ContrastRow[];
    more: number;
  }
  /** `chosen`: the word with the most steps; `said`: what each kind of word's algorithm does. */
  interface CuttingView {
    tokenizer: string;
    scheme: string;
    stages: Stage[];
    words: (SpecialWord | MergedWord | MatchedWord | LatticeWord)[];
    chosen: number;
    said: Record<string, string>;
    agrees: string;
  }
  /** `times` the English count; `lost` tokens that stand for unknown text. */
  interface LanguageCell {
    count: string;
    share: number;
    times: string;
    lost: number;
  }
  /** One cell a tokenizer. */
  interface LanguageRow {
    language: string;
    code: string;
    text: string;
    cells: LanguageCell[];
  }
  interface LanguagesView {
    names: string[];
    languages: LanguageRow[];
  }
  /** Unigram: `best` is the best score up to each of the places before, between and after the letters. */
  interface LatticeWord {
    kind: "lattice";
    label: string;
    letters: string[];
    arcs: Arc[];
    best: number[];
    steps: number;
  }
  interface Match {
    start: number;
    end: number;
    label: string;
  }
  /** WordPiece: one candidate looked up a step; `failed`: where nothing matched, −1 for nowhere; `skipped`: too long to be looked up. */
  interface MatchedWord {
    kind: "match";
    label: string;
    letters: string[];
    matches: Match[];
    failed: number;
    unknown: string;
    skipped: boolean;
    steps: number;
  }
  /** The pieces `at` and `at` + 1 become `label`. */
  interface Merge {
    at: number;
    rank: number;
    label: string;
  }
  /** Byte-level BPE: from `symbols`, one merge a step; `dropped` bytes have no piece. */
  interface MergedWord {
    kind: "merge";
    label: string;
    symbols: string[];
    merges: Merge[];
    dropped: string[];
    steps: number;
  }
  /** What was meant, its id, and what the reader calls that id; `outside`: it has no such id; `same`: both mean the same. */
  interface MisreadToken {
    meant: string;
    id: string;
    read: string;
    outside: boolean;
    same: boolean;
  }
  /** `more` tokens are not drawn; `meant` and `text` are the whole text as written and as read. */
  interface MisreadingView {
    writer: string;
    reader: string;
    columns: MisreadToken[];
    more: number;
    meant: string;
    text: string;
  }
  /** Texts, but for the source's https address: what a million tokens cost, and what this text would, read and answered. */
  interface PriceRow {
    model: string;
    organisation: string;
    input: string;
    output: string;
    reading: string;
    both: string;
    note: string;
    date: string;
    source: string;
  }
  interface SpecialWord {
    kind: "special";
    label: string;
    steps: number;
  }
  interface Stage {
    name: string;
    said: string;
    chips: StageChip[];
  }
  interface StageChip {
    text: string;
    special: boolean;
    said?: string;
  }
  /**
   * `rows`: (id, label, piece, bytes as hex, surface, line breaks after it, kind), labels being pieces as they are.
   *
   * Kinds: "special" (put around the text), "control" (typed, and taken for a control token), "part" (bytes, no character), "made"
   * (one of several pieces that a character was made into), "added" (stands for nothing in the text), "" for all others.
   *
   * `arrays` (views/wire.py), a number a token: `index` into `rows`, `starts` and `lengths` in code points of the text, `byte_starts`
   * and `byte_lengths` in its UTF-8.
   */
  interface TokensView {
    tokenizer: string;
    scheme: string;
    rows: [number, string, string, string, string, number, string][];
    arrays: string;
    figures: [string, string][];
    meter: shared.Meter;
    windows: shared.FilledWindow[];
    caution: string;
  }
}

declare namespace translation {
  /** `arrays`: `weights` of all heads (layers, heads, written, read). `read_words`, `written_words`: the number of each token's word. */
  interface AlignmentView {
    arrays: string;
    layers: number;
    heads: number;
    written: number;
    read: number;
    layer: number;
    why: string;
    read_words: number[];
    written_words: number[];
    read_labels: string[];
    written_labels: string[];
    read_special: boolean[];
    written_special: boolean[];
    ids: number[];
    tokens: WrittenChip[];
    alternatives: string[][];
    alternative_ids: number[][];
    alternative_logits: number[][];
    log_totals: number[];
    lab: LabLink;
  }
  /** What is explained now, as `read_asked` takes it back. */
  interface AskedTranslation {
    text: string;
    model: string;
    beams: number;
    begin: string;
    begin_ids: number[];
    candidate: number;
    place: number;
  }
  /** `segments`: (text, whether the explained candidate has other words there); `p` the geometric mean probability a token. */
  interface CandidateRow {
    text: string;
    segments: [string, boolean][];
    p: number;
    percent: string;
    score: string;
    total: string;
    tokens: string;
    chosen: boolean;
  }
  interface CopiedView {
    text: string;
    french: string;
    same: boolean;
  }
  /** A sentence, or what lies between two (`sentence` 0, and no more keys); `p` is a token's mean probability, 0 while not `done`. */
  interface DocumentPart {
    text: string;
    sentence: number;
    source?: string;
    done?: boolean;
    p?: number;
  }
  /**
   * `parts`: DocumentPart[] as one JSON string; `chosen`: the sentence shown below, 0 for none; `alone`: there is one, and no more.
   *
   * `stopped` where the panel says so.
   */
  interface DocumentView {
    parts: string;
    done: number;
    total: number;
    chosen: number;
    alone: boolean;
    model: string;
    beams: number;
    stopped?: boolean;
  }
  /** What the attention lab reads to show the same. */
  interface LabLink {
    text: string;
    model: string;
    target: string;
  }
  /** `forced` tokens begin every candidate; `copied`: what went around the model. */
  interface TranslationView {
    rows: CandidateRow[];
    best: string;
    title: string;
    forced: number;
    copied: CopiedView[];
    asked: AskedTranslation | null;
    figures: [string, string][];
  }
  interface WrittenChip {
    text: string;
    p: number;
    said: string;
    logit: number;
    forced: boolean;
    rank: number;
  }
}
