import { describe } from 'vitest'
import { modelAgrees } from './campaigns/modelAgrees.js'
import { ON_A_SERVER } from './support/databases.js'

describe.each(ON_A_SERVER)('%s', (name) => modelAgrees(name))
