import { describe, expect, it } from 'vitest';
import { attachment, safeMediaType } from './content-headers.js';

describe('attachment', () => {
  it.each([
    ['report.html', 'attachment; filename="report.html"'],
    ['out/2026/rain chart.svg', 'attachment; filename="rain chart.svg"'],
    ['..\\..\\autoexec.bat', 'attachment; filename="autoexec.bat"'],
    ['../../.bashrc', 'attachment; filename="_bashrc"'],
    ['folder/', 'attachment; filename="artifact"'],
    [
      'a";\r\nset-cookie: x=1',
      `attachment; filename="a____set-cookie_ x_1"; filename*=UTF-8''a%22%3B__set-cookie%3A%20x%3D1`,
    ],
    ['größe.csv', `attachment; filename="gr__e.csv"; filename*=UTF-8''gr%C3%B6%C3%9Fe.csv`],
    ['\u202etxt.exe', 'attachment; filename="_txt.exe"'],
    ["it's 100%.txt", `attachment; filename="it_s 100_.txt"; filename*=UTF-8''it%27s%20100%25.txt`],
  ])('%j', (name, header) => {
    expect(attachment(name)).toBe(header);
  });

  it('never splits the header, whatever the name', () => {
    for (let code = 0; code < 0x300; code += 1) {
      const header = attachment(`a${String.fromCharCode(code)}b`);
      expect(header).toMatch(/^attachment; filename="[A-Za-z0-9 ._()+-]+"(; filename\*=UTF-8''[\x21-\x7e]+)?$/);
    }
  });
});

describe('safeMediaType', () => {
  it.each([
    ['image/svg+xml', 'image/svg+xml'],
    ['text/csv; charset=utf-8', 'text/csv; charset=utf-8'],
    ['', 'application/octet-stream'],
    ['html', 'application/octet-stream'],
    ['text/html\r\nx: y', 'application/octet-stream'],
    ['multipart/x; boundary=a', 'application/octet-stream'],
  ])('%j is sent as %s', (named, sent) => {
    expect(safeMediaType(named)).toBe(sent);
  });
});
