/** The page's own words, and how it picks the half of a text that is wanted. */
const WORDS = {
  skip: ['跳到正文', 'Skip to the text'],
  signIn: ['登录', 'Sign in'],
  signInAs: ['以此角色登录（演示）', 'Sign in as this role (demonstration)'],
  signOut: ['退出', 'Sign out'],
  demonstration: ['演示', 'Demonstration'],
  account: ['账号', 'Account'],
  password: ['密码', 'Password'],
  search: ['查找操作', 'Find an operation'],
  contents: ['目录', 'Contents'],
  guide: ['使用须知', 'How to use it'],
  schemas: ['数据结构', 'Schemas'],
  problems: ['问题代码', 'Problem codes'],
  problemsSay: ['每个不成的请求都答以 application/problem+json，其中 code 为下列之一。', 'Every request that fails is answered with application/problem+json, whose code is one of these.'],
  parameters: ['参数', 'Parameters'],
  common: ['各操作共有', 'common to all operations'],
  body: ['请求内容', 'Body'],
  example: ['示例', 'Example'],
  answers: ['答复', 'Answers'],
  required: ['必填', 'required'],
  where: { path: ['地址', 'path'], query: ['查询', 'query'], header: ['头', 'header'] },
  name: ['名称', 'Name'],
  type: ['类型', 'Type'],
  meaning: ['含义', 'Meaning'],
  code: ['代码', 'Code'],
  status: ['状态', 'Status'],
  try: ['试一试', 'Try it'],
  send: ['发送', 'Send'],
  stop: ['停止', 'Stop'],
  sending: ['请求中…', 'Asking…'],
  file: ['文件', 'File'],
  save: ['保存', 'Save'],
  bytes: ['字节', 'bytes'],
  unreachable: ['没有得到答复；服务是否还在运行？', 'No answer came; is the service running?'],
  missing: ['请填写', 'Please fill in'],
  curl: ['命令行', 'On the command line'],
  copy: ['复制', 'Copy'],
  copied: ['已复制', 'Copied'],
  document: ['OpenAPI 3.1 文档', 'OpenAPI 3.1 document'],
  failed: ['无法读取文档', 'The document cannot be read'],
  oneOf: ['以下之一', 'one of'],
  listOf: ['列表：', 'list of '],
  record: ['按键的表：', 'table by key: '],
  otherFields: ['不收其他字段', 'no other fields'],
  fallback: ['不填为', 'when left out'],
  letters: ['字数', 'letters'],
  notEmpty: ['不能为空', 'not empty'],
  or: ['或', 'or'],
}

const KEPT = 'sijizhong.docs.language'
let language = kept() ?? (navigator.language.startsWith('en') ? 'en' : 'zh')

function kept() {
  try {
    const value = localStorage.getItem(KEPT)
    return value === 'zh' || value === 'en' ? value : null
  } catch {
    return null
  }
}

export const currentLanguage = () => language

export function chooseLanguage(chosen) {
  language = chosen
  try {
    localStorage.setItem(KEPT, chosen)
  } catch {
    // A browser that keeps nothing still shows the page.
  }
}

const half = ([zh, en]) => (language === 'zh' ? zh : en)

export const word = (name) => half(WORDS[name])
export const place = (where) => half(WORDS.where[where] ?? [where, where])

/** The document has Chinese and English in one string: two lines, or two halves around a dot. */
export function told(words = '') {
  const parts = words.split(words.includes('\n') ? '\n' : ' · ')
  return parts.length === 2 ? half(parts) : words
}

/** `Places 场所` */
export function tagName(tag) {
  const at = tag.lastIndexOf(' ')
  return half([tag.slice(at + 1), tag.slice(0, at)])
}

export const textOf = (text) => text[language]
