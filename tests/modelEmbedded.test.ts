import { describe } from 'vitest'
import { modelAgrees } from './campaigns/modelAgrees.js'

describe('embedded', () => modelAgrees('embedded'))
