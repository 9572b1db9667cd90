import { z } from 'zod'

/** A schema of the document, JSON Schema 2020-12 as far as the document uses it. */
export type Schema = Readonly<Record<string, unknown>>

const object = z.record(z.string(), z.unknown())
const media = z.record(z.string(), z.object({ schema: object, example: z.unknown().optional() }))
const parameterSchema = z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']), schema: object })
const operationSchema = z.object({
  operationId: z.string(),
  parameters: z.array(z.union([parameterSchema, z.object({ $ref: z.string() })])).default([]),
  requestBody: z.object({ content: media }).optional(),
  responses: z.record(z.string(), z.object({ content: media.optional() })),
})
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), object), parameters: z.record(z.string(), parameterSchema).default({}) }),
})

export interface Operation {
  readonly id: string
  readonly method: string
  /** `/api/pools/{id}`, cut at the slashes. */
  readonly segments: readonly string[]
  readonly parameters: readonly { readonly name: string; readonly in: 'path' | 'query' | 'header'; readonly schema: Schema }[]
  /** Whether it takes an Idempotency-Key. */
  readonly isKeyed: boolean
  /** Type and schema of the body, if it takes one. */
  readonly body: { readonly type: string; readonly schema: Schema } | null
  /** By status, then by media type. */
  readonly answers: ReadonlyMap<number, ReadonlyMap<string, Schema>>
}

const isParameter = (segment: string): boolean => segment.startsWith('{')

/** The service's own description of itself. */
export class Document {
  readonly operations: readonly Operation[]
  private readonly schemas: Readonly<Record<string, Schema>>

  constructor(json: unknown) {
    const { paths, components } = documentSchema.parse(json)
    this.schemas = components.schemas
    this.operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, told]) => {
      const [body] = Object.entries(told.requestBody?.content ?? {})
      return {
        id: told.operationId, method: method.toUpperCase(), segments: path.split('/'),
        parameters: told.parameters.flatMap((one) => ('name' in one ? one : components.parameters[one.$ref.split('/').at(-1) ?? ''] ?? [])),
        isKeyed: told.parameters.some((one) => 'name' in one && one.name === 'idempotency-key'),
        body: body === undefined ? null : { type: body[0], schema: body[1].schema },
        // What `default` would allow is told by no status.
        answers: new Map(Object.entries(told.responses).filter(([status]) => /^\d+$/.test(status)).map(([status, { content }]) =>
          [Number(status), new Map(Object.entries(content ?? {}).map(([type, { schema }]) => [type, schema]))])),
      }
    }))
  }

  named(id: string): Operation {
    const found = this.operations.find((one) => one.id === id)
    if (found === undefined) throw new Error(`the document has no operation ${id}`)
    return found
  }

  /** The operation that answers an address, as a router finds it; null: none does. */
  at(method: string, address: string): Operation | null {
    const segments = new URL(address, 'http://127.0.0.1').pathname.split('/')
    const fits = ({ segments: own }: Operation) => own.length === segments.length &&
      own.every((segment, index) => (isParameter(segment) ? segments[index] !== '' : segment === segments[index]))
    const fitting = this.operations.filter((one) => (method === 'HEAD' ? 'GET' : method) === one.method && fits(one))
    return fitting.find(({ segments: own }) => !own.some(isParameter)) ?? fitting[0] ?? null
  }

  /** The schema that a reference stands for. */
  resolved(schema: Schema): Schema {
    const name = typeof schema['$ref'] === 'string' ? schema['$ref'].replace('#/components/schemas/', '') : null
    if (name === null) return schema
    const found = this.schemas[name]
    if (found === undefined) throw new Error(`the document has no schema ${name}`)
    return found
  }
}

// The document was read as JSON: what stands where a schema belongs is an object, or true.
export const asSchema = (value: unknown): Schema => (typeof value === 'object' && value !== null ? value as Schema : {})
export const asSchemas = (value: unknown): readonly Schema[] => (Array.isArray(value) ? value.map(asSchema) : [])
export const propertiesOf = (schema: Schema): Readonly<Record<string, Schema>> => asSchema(schema['properties']) as Readonly<Record<string, Schema>>
