const EARTH_KM = 6371.0088

export interface Position {
  readonly longitude: number
  readonly latitude: number
}

/** Great-circle distance in km (haversine, mean Earth radius). */
export function greatCircleKm(from: Position, to: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const latitudes = radians(to.latitude - from.latitude) / 2
  const longitudes = radians(to.longitude - from.longitude) / 2
  const h =
    Math.sin(latitudes) ** 2 +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.sin(longitudes) ** 2
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}
