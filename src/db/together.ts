interface Asked<Q, A> {
  readonly question: Q
  readonly resolve: (answer: A) => void
  readonly reject: (error: unknown) => void
}

/**
 * Answers all who ask at about the same time by one look. Nobody is answered by a look that began before they asked: they
 * are part of the next one.
 */
export class Together<Q, A> {
  private waiting: Asked<Q, A>[] = []
  private isLooking = false

  /** `look` gives an answer to each question, in their order. */
  constructor(private readonly look: (questions: readonly Q[]) => Promise<readonly A[]>) {}

  ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ question, resolve, reject })
      if (!this.isLooking) void this.lookOn()
    })
  }

  private async lookOn(): Promise<void> {
    this.isLooking = true
    while (this.waiting.length > 0) {
      // Whoever was woken by the same bell asks before the next turn.
      await new Promise((resolve) => setImmediate(resolve))
      const asked = this.waiting.splice(0)
      try {
        const answers = await this.look(asked.map(({ question }) => question))
        asked.forEach(({ resolve }, i) => resolve(answers[i] as A))
      } catch (error) {
        for (const { reject } of asked) reject(error)
      }
    }
    this.isLooking = false
  }
}
