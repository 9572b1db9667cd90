import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { Env } from '../http/service.js'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What a monitor reads at /metrics: requests by operation, never by whom they are about. */
export class Metrics {
  readonly registry = new Registry()
  private readonly seconds = new Histogram({
    name: 'sijizhong_request_seconds', help: 'Seconds from a request to its answer', labelNames: ['method', 'operation', 'status'], buckets: SECONDS, registers: [this.registry],
  })
  private readonly bugs = new Counter({ name: 'sijizhong_bugs_total', help: 'Requests and runs that met a bug', registers: [this.registry] })

  constructor(triedAgain: ReadonlyMap<string, number>) {
    collectDefaultMetrics({ register: this.registry })
    this.registry.registerMetric(new Counter({
      name: 'sijizhong_transactions_tried_again_total', help: 'Transactions run again after a deadlock (40P01) or a lock that did not come (55P03), by SQLSTATE',
      labelNames: ['sqlstate'], registers: [],
      collect() {
        this.reset()
        for (const [sqlstate, times] of triedAgain) this.inc({ sqlstate }, times)
      },
    }))
  }

  readonly measure: MiddlewareHandler<Env> = async (c, next) => {
    const done = this.seconds.startTimer()
    await next()
    done({ method: c.req.method, operation: routePath(c, -1), status: String(c.res.status) })
  }

  bug(): void {
    this.bugs.inc()
  }
}
