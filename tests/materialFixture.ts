const FROM = { source: 'made up for a test' }

const item = (unit: string, zones: readonly string[], shipsBy: string | null) => ({
  name: { zh: '某物资', en: 'Some item' }, unit, grade: 'GB 1-2020', zones, shipsBy, cubicCentimetres: 'notTracked', ...FROM,
})
const norm = (of: { item: string; unit: string; per: string }, only: object) => ({
  ...of, severity: null, zone: null, role: null, conventionalPerMille: 2000, contingencyPerMille: 1000, crisisPerMille: 500,
  effectiveFrom: '2020-01-26', effectiveUntil: null, ...only, ...FROM,
})
const disposal = { authority: 'city', released: true, earmark: null }

/** The tables of material of the sound scenario, as they come before any check, with a row in every one. */
export const material = () => ({
  items: {
    suit: item('suit', ['red'], null), mask: item('piece', ['red', 'buffer'], 'box'), n95: item('piece', ['red'], null),
    kn95: item('piece', ['clean'], null),
  },
  packings: {
    'mask/box': { item: 'mask', packing: 'box', units: 50, ...FROM },
    'mask/carton': { item: 'mask', packing: 'carton', units: 2000, ...FROM },
  },
  substitutes: {
    'mask→n95': { item: 'mask', order: 1, substitute: 'n95', ...FROM },
    'n95→kn95': { item: 'n95', order: 1, substitute: 'kn95', ...FROM },
  },
  kitParts: {
    'set/mask': { kit: 'set', item: 'mask', units: 1, ...FROM },
    'set/suit': { kit: 'set', item: 'suit', units: 1, ...FROM },
  },
  norms: {
    n1: norm({ item: 'suit', unit: 'suit', per: 'staffShift' }, { zone: 'red', effectiveUntil: '2020-02-10' }),
    n2: norm({ item: 'mask', unit: 'piece', per: 'patientDay' }, { severity: 'severe' }),
    n3: norm({ item: 'mask', unit: 'piece', per: 'trip' }, {}),
  },
  receivers: {
    dist: { place: 'dist', suppliedBy: 'jia', opensOn: null, ...FROM },
    hub: { place: 'hub', suppliedBy: null, opensOn: '2020-02-01', ...FROM },
  },
  staff: {
    'dist/feverClinic/red/doctor': { place: 'dist', area: 'feverClinic', zone: 'red', role: 'doctor', peoplePerShift: 2, shiftsPerDay: 3, ...FROM },
    'hub/ward/red/nurse': { place: 'hub', area: 'ward', zone: 'red', role: 'nurse', peoplePerShift: 'unknown', shiftsPerDay: 4, ...FROM },
  },
  uses: { 'hub/suit': { place: 'hub', item: 'suit', days: 4, units: 30, ...FROM } },
  sources: { wh: { place: 'wh', keepBackPerMille: 100, litresPerDay: 'notTracked', ...FROM } },
  lots: {
    l1: { item: 'mask', place: 'wh', lot: '20200101', units: 500, expiresOn: '2023-01-31', quarantined: false, ...disposal, ...FROM },
    l2: { item: 'suit', place: 'hub', lot: null, units: 'unknown', expiresOn: null, quarantined: false, ...disposal, ...FROM },
  },
  supplies: { s1: { item: 'suit', place: 'wh', day: '2020-01-31', units: 60, expiresOn: null, ...disposal, earmark: 'hub', ...FROM } },
  consignments: { c1: { item: 'suit', from: 'wh', to: 'dist', units: 8, arrivesOn: '2020-01-30', expiresOn: null, ...FROM } },
  requests: { r1: { place: 'dist', item: 'suit', units: 400, urgency: 'urgent', askedAt: '2020-01-29T20:00:00+08:00', ...FROM } },
})
