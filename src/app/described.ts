import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Env } from '../http/service.js'

/** The operations as their routes describe them, before the documentation makes a page of it (OpenAPI 3.1). */
export type Described = ReturnType<OpenAPIHono<Env>['getOpenAPI31Document']>

/** Whoever reads the description shares one: to write it takes longer than all else that a start does. */
export const describedBy = (app: OpenAPIHono<Env>): Described => app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } })
