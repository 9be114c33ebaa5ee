// The map document. Made by scripts/make_types.py out of relgraph/viz/document.py.

/** Texts of the map's own controls and panel. */
export interface Words {
  map_of: string;
  search: string;
  no_hits: string;
  zoom_in: string;
  zoom_out: string;
  fit: string;
  legend: string;
  influences_shown: string;
  lens: string;
  lens_support: string;
  lens_influence: string;
  lens_freshness: string;
  close: string;
  help: string;
  theme: string;
  list: string;
  map: string;
  stance: string;
  stance_all: string;
  never: string;
  days_old: string;
  days_short: string;
  reassess: string;
  undated: string;
  influenced_by: string;
  influences: string;
  conflicts: string;
  known_by: string;
  knows: string;
  nobody_knows: string;
  ties: string;
  reports_to: string;
  reports: string;
  matrix: string;
  findings: string;
  power: string;
  interest: string;
  unknown: string;
  between: string;
  limit: string;
  unlimited: string;
  closeness: string;
  whole_page: string;
  other_system: string;
  seat: string;
  filter_seats: string;
  filter_against: string;
  filter_due: string;
  filter_all: string;
  nobody_in_list: string;
  keys_move: string;
  keys_open: string;
  keys_zoom: string;
  keys_find: string;
  keys_drag: string;
  loading: string;
  failed: string;
  busy: string;
  retry: string;
  empty: string;
  offline: string;
  more_waiting: string;
  more_failed: string;
  more_absent: string;
  again: string;
}

export interface MapCustomer {
  id: string;
  name: string;
  name_alt: string;
  kind: string | null;
  industry: string | null;
  region: string | null;
  grade: string | null;
  owner_id: string | null;
  owner: string | null;
  importing: string | null;
  ref: string;
  version: number | null;
}

export interface MapDeal {
  id: string;
  name: string;
  name_alt: string;
  stage: string | null;
  amount: number | null;
  currency: string | null;
  close_date: string | null;
  outcome: string | null;
  ref: string;
  version: number | null;
}

/** A role with the API path and version of its edge. */
export interface RoleMark {
  role: string;
  label: string;
  ref: string;
  version: number | null;
  can_veto: boolean | null;
  approval_limit: number | string | null;
  decision_weight: number | null;
}

/** The short word on a card: what the person does in the deal. */
export interface Chip {
  text: string;
  tone: "dark" | "soft";
}

/** Power, and between what it lies where parts of it are unknown. */
export interface PowerRange {
  value: number | null;
  low: number;
  high: number;
}

/** One person, empty seat, or one of us. `id` is the person's own id. */
export interface Card {
  id: string;
  kind: "person" | "seat" | "member";
  shape: "card" | "row" | "pill" | "chip";
  name: string;
  name_alt: string;
  title: string;
  initials: string;
  x: number;
  y: number;
  w: number;
  h: number;
  department_id: string | null;
  manager_id: string | null;
  depth: number | null;
  stance: number | null;
  stance_label: string;
  assessed_at: string | null;
  assessed_by: string | null;
  evidence: string | null;
  age_days: number | null;
  stale: boolean;
  roles: RoleMark[];
  chip: Chip | null;
  closeness: number | null;
  power: PowerRange | null;
  interest: number | null;
  email: string | null;
  phone: string | null;
  url: string | null;
  findings: string[];
  ref: string;
  version: number | null;
  stance_ref: string | null;
  stance_version: number | null;
  left_out: Record<string, number>;
}

/** A department drawn round its people; `stances` counts them by stance ("2"…"unknown"). */
export interface Group {
  id: string;
  name: string;
  name_alt: string;
  count: number;
  stances: Record<string, number>;
  x: number;
  y: number;
  w: number;
  h: number;
  folded: boolean;
  summary: string;
  ref: string | null;
  version: number | null;
}

export interface LineLabel {
  text: string;
  x: number;
  y: number;
}

/** One edge with its route. `shown` tells whether it is drawn always or when selected. */
export interface DrawnLine {
  id: string;
  kind: string;
  from_id: string;
  to_id: string;
  points: [number, number][];
  strength: number | null;
  width: number;
  dashed: "" | "dash" | "dot";
  shown: "always" | "selected";
  label: LineLabel | null;
  word: string;
  closeness: number | null;
  directed: boolean;
  assessed_at: string | null;
  assessed_by: string | null;
  evidence: string | null;
  age_days: number | null;
  ref: string;
  version: number | null;
}

/** A list in a person's panel: of lines that end there, that begin there, or of both. */
export interface LineList {
  ends: "incoming" | "outgoing" | "both";
  heading: string;
}

/** How lines of a kind are drawn. `color` is a design token, `width` that of a sample. */
export interface DrawnStyle {
  kind: string;
  color: string;
  width: number;
  dash: "" | "dash" | "dot";
  arrow: boolean;
  casing: boolean;
  lists: LineList[];
}

/** A stance with its symbol, or a kind of line with its style. */
export interface LegendEntry {
  kind: "stance" | "line";
  key: string;
  symbol: string;
  label: string;
  style: DrawnStyle | null;
}

export interface FindingText {
  code: string;
  text: string;
  ids: string[];
}

/** A piece of the answer strip; `ids` light up their cards when it is pointed at. */
export interface AnswerPart {
  text: string;
  ids: string[];
}

/** How much of what the map says is assessed, and how old that is. */
export interface Basis {
  people: number;
  assessed: number;
  older_than_90_days: number;
  seats: number;
  seats_assessed: number;
  seats_older_than_90_days: number;
  undated: number;
  oldest: string | null;
  newest: string | null;
  ties: number;
  text: string;
}

/** A customer, and optionally a deal, as a drawing. */
export interface MapDocument {
  customer: MapCustomer;
  deal: MapDeal | null;
  lang: "en" | "zh";
  now: string;
  width: number;
  height: number;
  cards: Card[];
  groups: Group[];
  lines: DrawnLine[];
  legend: LegendEntry[];
  findings: FindingText[];
  answer: AnswerPart[];
  based_on: Basis;
  words: Words;
  version: number;
  left_out: Record<string, number>;
}
