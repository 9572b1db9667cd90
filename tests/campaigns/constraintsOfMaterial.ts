import type { Violation } from './constraintsViolations.js'

const first = (table: string, where: string) => `id = (select id from ${table} where ${where} order by id limit 1)`
const set = (table: string, what: string, where = 'true') => `update ${table} set ${what} where ${first(table, where)}`
/** What a record refers to, replaced by what there is none of. */
const refers = (table: string, field: string) => set(table, `body = body || '{"${field}":"nowhere"}'`)
/** The same record once more under another id. */
const again = (table: string, change = '{}') =>
  `insert into ${table} (id, version, body, effective_at, recorded_at, recorded_by)
   select 'copy', version, body || '${change}', effective_at, recorded_at, recorded_by from ${table} limit 1`
/** One more note like one of its kind. */
const note = ({ like = 'receipt', kind = 'kind', place = 'place', item = 'item', reverses = 'reverses', by = 'recorded_by' }): string =>
  `insert into stock_note (id, kind, place, item, reverses, effective_at, recorded_at, recorded_by)
   select 'copy', ${kind}, ${place}, ${item}, ${reverses}, effective_at, recorded_at, ${by} from stock_note where kind = '${like}' limit 1`
const line = (what: string, order: string) => `update allocation_line set ${what} where order_id = (select id from allocation_order where state = '${order}')`
const event = (order: string, seq: string, recorded = 'recorded_at') => `insert into allocation_event (order_id, seq, step, state, at, recorded_at, recorded_by, details)
  select ${order}, ${seq}, step, state, at, ${recorded}, recorded_by, details from allocation_event where seq = 1 order by order_id limit 1`
/** One more movement like the first of a note. */
const moved = ({ from = 'from_account', to = 'to_account', subject = 'subject', reason = 'receipt' }): string =>
  `insert into movement (book, from_account, to_account, quantity, reason, subject, effective_at, recorded_at, recorded_by)
   select book, ${from}, ${to}, 7, reason, ${subject}, effective_at, recorded_at, recorded_by from movement where reason = '${reason}' order by id limit 1`
const history = (table: string, change: string) => [`update ${table} set ${change}`, `truncate ${table}`]
const withdrawn = (at: string) => `update issued_allocation set withdrawn_by = 'somebody', withdrawal_reason = 'why', withdrawn_at = ${at}`
const ISSUED = "state = 'issued'"

const OF_PLACES = ['receiver', 'staff_on_shift', 'reported_use', 'stock_source', 'expected_supply', 'equipment'] as const
const OF_ITEMS = ['item_code', 'packing', 'substitute', 'kit_part', 'norm', 'reported_use', 'expected_supply'] as const

/** Guards of material, by name: what each forbids. */
export const MATERIAL_VIOLATIONS: Readonly<Record<string, Violation>> = {
  // what refers to what
  ...Object.fromEntries(OF_PLACES.map((table): [string, Violation] => [`${table}_place_place_id_fk`, { write: refers(table, 'place'), rule: 'materialHasItsPlace' }])),
  ...Object.fromEntries(OF_ITEMS.map((table): [string, Violation] => [`${table}_item_item_id_fk`, { write: refers(table, 'item'), rule: 'materialHasItsItem' }])),
  substitute_substitute_item_id_fk: { write: refers('substitute', 'substitute'), rule: 'materialHasItsItem' },
  stock_lot_place_place_id_fk: { write: refers('stock_lot', 'place'), rule: 'materialHasItsPlace' },
  stock_lot_item_item_id_fk: { write: refers('stock_lot', 'item'), rule: 'materialHasItsItem' },
  stock_note_place_place_id_fk: { write: note({ place: "'nowhere'" }), rule: 'materialHasItsPlace' },
  stock_note_item_item_id_fk: { write: note({ like: 'stocktake', item: "'nothing'" }), rule: 'materialHasItsItem' },
  material_request_place_place_id_fk: { write: set('material_request', "place = 'nowhere'"), rule: 'materialHasItsPlace' },
  material_request_item_item_id_fk: { write: set('material_request', "item = 'nothing'"), rule: 'materialHasItsItem' },
  allocation_order_from_place_place_id_fk: { write: set('allocation_order', "from_place = 'nowhere'"), rule: 'materialHasItsPlace' },
  allocation_order_to_place_place_id_fk: { write: set('allocation_order', "to_place = 'nowhere'"), rule: 'materialHasItsPlace' },
  allocation_line_item_item_id_fk: { write: line("item = 'nothing'", 'issued'), rule: 'materialHasItsItem' },
  allocation_line_substitute_for_item_id_fk: { write: line("substitute_for = 'nothing'", 'received'), rule: 'materialHasItsItem' },
  // what stands once
  item_code_means_one_thing: { write: again('item_code'), rule: 'materialStandsOnce' },
  packing_stands_once: { write: again('packing'), rule: 'materialStandsOnce' },
  substitute_has_its_turn: { write: again('substitute', '{"substitute":"mask"}'), rule: 'materialStandsOnce' },
  substitute_stands_once: { write: again('substitute', '{"order":2}'), rule: 'materialStandsOnce' },
  kit_part_stands_once: { write: again('kit_part'), rule: 'materialStandsOnce' },
  receiver_stands_once: { write: again('receiver'), rule: 'materialStandsOnce' },
  stock_source_stands_once: { write: again('stock_source'), rule: 'materialStandsOnce' },
  reported_use_stands_once: { write: again('reported_use'), rule: 'materialStandsOnce' },
  // notes of stock
  stock_note_kind_is_known: { write: note({ kind: "'gift'" }), rule: 'noteKindIsKnown' },
  stock_note_counts_an_item: { write: note({ like: 'stocktake', item: 'null' }), rule: 'stocktakeNamesItsItem', also: [note({ item: "'mask'" })] },
  stock_note_reversal_names_a_note: { write: note({ like: 'reversal', reverses: 'null' }), rule: 'reversalNamesItsNote', also: [note({ reverses: 'id' })] },
  stock_note_reverses_a_note: { write: note({ like: 'reversal', reverses: "'no note'" }), rule: 'reversalNamesItsNote' },
  stock_note_is_reversed_once: { write: note({ like: 'reversal' }), rule: 'noteIsReversedOnce' },
  stock_note_is_history: {
    write: "update stock_note set recorded_by = 'another-post' where kind = 'receipt'", rule: 'noteIsAsItWasWritten',
    also: ["delete from stock_note where kind = 'stocktake'", ...history('stock_note', "note = 'else'")],
  },
  // requests
  material_request_state_is_known: { write: set('material_request', "state = 'lost'", "state = 'refused'"), rule: 'requestStateIsKnown' },
  material_request_is_of_something: {
    write: set('material_request', 'asked = 0'), rule: 'requestIsOfSomething', also: [set('material_request', 'approved = 0', "state = 'approved'")],
  },
  material_request_is_answered_as_a_whole: {
    write: set('material_request', 'answered_at = null, answered_by = null', "state = 'refused'"), rule: 'requestIsAnsweredAsAWhole',
    also: [set('material_request', 'answered_by = null', "state = 'refused'"), set('material_request', "answered_by = 'somebody'", "state = 'open'")],
  },
  material_request_approves_so_many: {
    write: set('material_request', 'approved = null', "state = 'approved'"), rule: 'requestApprovesSoMany', also: [set('material_request', 'approved = 7', "state = 'open'")],
  },
  // plans of material, approved
  issued_allocation_run_plan_run_id_fk: {
    write: `insert into issued_allocation (run, maker, approved_at, recorded_at, approved_by, struck)
      select 'no run', maker, approved_at, recorded_at, approved_by, struck from issued_allocation`,
    rule: 'allocationHasItsRun',
  },
  issued_allocation_is_approved_by_another: {
    write: 'update issued_allocation set maker = approved_by', rule: 'allocationIsApprovedByAnother', also: ['update issued_allocation set confirmed_by = maker'],
  },
  issued_allocation_is_confirmed_after_a_call: {
    write: 'update issued_allocation set phone = null', rule: 'allocationIsConfirmedAfterACall', also: ['update issued_allocation set confirmed_by = null'],
  },
  issued_allocation_is_withdrawn_as_a_whole: {
    write: "update issued_allocation set withdrawn_by = 'somebody'", rule: 'allocationIsWithdrawnAsAWhole',
    also: ["update issued_allocation set withdrawn_at = recorded_at, withdrawn_by = 'somebody'"],
  },
  issued_allocation_is_withdrawn_last: {
    write: withdrawn("recorded_at - interval '1 ms'"), rule: 'allocationIsWithdrawnAsAWhole', also: [withdrawn("recorded_at, confirmed_at = recorded_at + interval '1 ms'")],
  },
  // allocation orders
  allocation_order_state_is_known: { write: set('allocation_order', "state = 'gone'", ISSUED), rule: 'allocationOrderIsKnown' },
  allocation_order_kind_is_known: { write: set('allocation_order', "kind = 'gift'", "kind = 'allocation'"), rule: 'allocationOrderIsKnown' },
  allocation_order_goes_elsewhere: { write: set('allocation_order', 'to_place = from_place', ISSUED), rule: 'allocationOrderGoesElsewhere' },
  allocation_order_is_of_its_plan: {
    write: set('allocation_order', "kind = 'loan'", "kind = 'plan'"), rule: 'allocationOrderIsOfItsPlan', also: [set('allocation_order', "kind = 'plan'", "kind = 'allocation'")],
  },
  allocation_order_run_issued_allocation_run_fk: { write: set('allocation_order', "run = 'no run'", "kind = 'plan'"), rule: 'allocationOrderIsOfItsPlan' },
  allocation_order_request_material_request_id_fk: { write: set('allocation_order', "request = 'none'", 'request is not null'), rule: 'allocationOrderHasItsRequest' },
  allocation_order_ends_as_a_whole: {
    write: set('allocation_order', 'ended_at = issued_at', ISSUED), rule: 'allocationOrderTellsItsTimes', also: [set('allocation_order', 'ended_at = null', "state = 'received'")],
  },
  allocation_order_is_shipped_before_it_comes: {
    write: set('allocation_order', 'shipped_at = issued_at', ISSUED), rule: 'allocationOrderTellsItsTimes', also: [set('allocation_order', 'shipped_at = null', "state = 'shipped'")],
  },
  allocation_line_order_id_allocation_order_id_fk: { write: line("order_id = 'none'", 'issued'), rule: 'allocationLineHasItsOrder' },
  allocation_line_lot_stock_lot_id_fk: { write: line("lot = 'none'", 'issued'), rule: 'allocationLineHasItsOrder' },
  allocation_line_is_of_something: { write: line('ordered = 0', 'issued'), rule: 'allocationLineAddsUp' },
  allocation_line_ships_no_more: { write: line('shipped = ordered + 1', 'shipped'), rule: 'allocationLineAddsUp', also: [line('shipped = -1', 'shipped')] },
  allocation_line_adds_up: {
    write: line('accepted = accepted + 1', 'received'), rule: 'allocationLineAddsUp',
    also: [line('missing = null', 'received'), line('accepted = accepted + missing + 1, missing = -1', 'received')],
  },
  allocation_line_says_why: { write: line('difference = null', 'received'), rule: 'allocationLineAddsUp', also: [line("difference = 'wet'", 'shipped')] },
  allocation_line_says_twice_of_both: { write: line("missing_difference = 'short'", 'shipped'), rule: 'allocationLineAddsUp' },
  allocation_event_order_id_allocation_order_id_fk: { write: event("'none'", '1'), rule: 'allocationStepHasItsOrder' },
  allocation_event_counts_from_one: { write: event('order_id', '0'), rule: 'allocationOrderHasItsEvents' },
  allocation_event_is_history: {
    write: "delete from allocation_event where seq = 1", rule: 'allocationOrderHasItsEvents', also: history('allocation_event', "note = 'else'"),
  },
}

/** What only the view notices of material. */
export const MATERIAL_UNGUARDED: readonly Pick<Violation, 'write' | 'rule'>[] = [
  {
    write: `insert into account (book, name, balance, counted, may_owe, held) values ('lot nothing', 'at depot', 0, false, false, 0)`,
    rule: 'stockIsOfALot',
  },
  {
    write: `insert into account (book, name, balance, counted, may_owe, held) select 'lot ' || min(id), 'at nowhere', 0, true, false, 0 from stock_lot`,
    rule: 'materialHasItsPlace',
  },
  { write: moved({ subject: "'notes/none'" }), rule: 'stockMovesByANote' },
  { write: moved({ from: "'unexplained'", to: "'outside'", reason: 'stocktake' }), rule: 'noteMovesAtItsPlace' },
  { write: moved({ reason: 'reversal' }), rule: 'reversalIsExact' },
  { write: set('material_request', "asked_by = 'somebody'"), rule: 'writingIsInTheJournal' },
  { write: "update issued_allocation set approved_by = 'somebody'", rule: 'writingIsInTheJournal' },
  { write: withdrawn('recorded_at'), rule: 'writingIsInTheJournal' },
  {
    write: `with taken_back as (${withdrawn('recorded_at')} returning run) update allocation_order set kind = 'plan', run = (select run from taken_back) where ${ISSUED}`,
    rule: 'withdrawnAllocationHasNothingIssued',
  },
  { write: set('allocation_order', "state = 'cancelled', ended_at = issued_at", ISSUED), rule: 'issuedStockIsPromised' },
  { write: "update hold set quantity = 299 where purpose = 'A-1/1' and state = 'open'", rule: 'issuedStockIsPromised' },
  { write: set('material_request', 'approved = asked + 1', "state = 'approved'"), rule: 'requestApprovesSoMany' },
  { write: set('material_request', 'answered_by = asked_by', "state = 'approved'"), rule: 'requestIsApprovedByAnother' },
  { write: set('material_request', 'approved = 299', "state = 'approved'"), rule: 'orderedWithinItsRequest' },
  { write: set('material_request', "state = 'refused', approved = null", "state = 'approved'"), rule: 'requestThatIsServedStands' },
  { write: set('material_request', "state = 'open', approved = null, answered_at = null, answered_by = null", "state = 'approved'"), rule: 'requestThatIsServedStands' },
  { write: line('shipped = 299', 'shipped'), rule: 'shippedStockIsOnTheWay' },
  { write: line('shipped = null', 'shipped'), rule: 'allocationLineAddsUp' },
  { write: line('shipped = ordered', 'issued'), rule: 'allocationLineAddsUp' },
  { write: line('accepted = null, damaged = null, missing = null, difference = null, missing_difference = null', 'received'), rule: 'allocationLineAddsUp' },
  { write: line('accepted = accepted - 2, missing = missing + 2', 'received'), rule: 'acceptedStockCameIn' },
  { write: set('allocation_order', "state = 'lost'", "state = 'received'"), rule: 'allocationOrderHasItsEvents' },
  { write: event(`(select id from allocation_order where ${ISSUED})`, '2', "recorded_at - interval '1 ms'"), rule: 'recordedInOrder' },
]
