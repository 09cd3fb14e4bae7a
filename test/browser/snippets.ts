import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

/** The address that docs/forms.md writes in place of the reader's own. */
const written = 'https://forms.acme.example';

/** The named snippets of docs/forms.md: those whose fence says more than the language. */
export function readSnippets(): Map<string, { language: string; text: string }> {
  const markdown = readFileSync(new URL('../../docs/forms.md', import.meta.url), 'utf8');
  const fences = markdown.matchAll(/^```(\w+) (\w+)\n([\s\S]*?)^```$/gm);
  return new Map([...fences].map(([, language = '', name = '', text = '']) => [name, { language, text }]));
}

/** A snippet as the HTML that a browser gets, for a deployment at this origin. Hugo, Astro and Next.js are imitated as far as the snippets use them. */
export function render({ language, text }: { language: string; text: string }, origin: string): string {
  const own = text.replaceAll(written, origin);
  if (language === 'astro') return renderAstro(own);
  if (language === 'tsx') return renderReact(own);
  return own.replaceAll('{{ site.Params.ringback }}', origin).replaceAll('{{ "/thanks" | relURL }}', '/thanks');
}

function renderAstro(text: string): string {
  const [, front = '', template = ''] = text.split(/^---$/m);
  const ringback = /'(.+)'/.exec(front)?.[1] ?? '';
  return template.replaceAll(/=\{`(.+?)`\}/g, (_match, value) => `="${value.replaceAll(/\$\{ringback\}/g, ringback)}"`);
}

type Props = Record<string, string | boolean> | null;

/** Elements as React writes them into a static page; next/script adds its script once the page runs. */
function element(tag: string | symbol, props: Props, ...children: string[]): string {
  const inner = children.flat().join('');
  if (tag === fragment) return inner;
  if (tag === nextScript) {
    const src = JSON.stringify(props?.['src']);
    return `<script>document.head.append(Object.assign(document.createElement('script'), { src: ${src} }))</script>`;
  }
  const attributes = Object.entries(props ?? {}).map(([name, value]) => ` ${name}="${value === true ? '' : value}"`);
  return `<${String(tag)}${attributes.join('')}>${inner}${tag === 'input' ? '' : `</${String(tag)}>`}`;
}

const fragment = Symbol('fragment');
const nextScript = Symbol('next/script');

function renderReact(text: string): string {
  const { code } = transformSync(text, {
    loader: 'tsx',
    format: 'cjs',
    jsx: 'transform',
    jsxFactory: 'element',
    jsxFragment: 'fragment',
  });
  const module: { exports: { default?: () => string } } = { exports: {} };
  const load = new Function('module', 'require', 'element', 'fragment', code);
  load(module, () => ({ default: nextScript, __esModule: true }), element, fragment);
  return module.exports.default?.() ?? '';
}
