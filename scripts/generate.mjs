// npm run generate: writes every generated file anew.
import { runTool, tail } from './setup/command.mjs';
import { prepare } from './setup/prepare.mjs';
import { main, say, SetupError } from './setup/progress.mjs';
import { generators } from './setup/steps.mjs';

await main(async () => {
  await prepare();
  for (const generator of generators()) {
    const { code, output } = await runTool(generator, []);
    if (code !== 0) throw new SetupError(`${generator} failed:\n${tail(output)}`);
    say(`wrote what ${generator} generates`);
  }
});
