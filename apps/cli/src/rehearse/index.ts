/** The rehearsal of pipelines and the evaluation of those written in TypeScript: what the commands are made of. */
export {
  atSource,
  definitionPath,
  type Emission,
  emit,
  type EmittedPipeline,
  findPipelineFiles,
  withDefinitions,
} from './emit/emit.js';
export { type Place, type Places } from './emit/written-places.js';
export {
  type CaseResult,
  compileFolder,
  passed,
  rehearse,
  type RehearseOptions,
  type RehearseResult,
} from './rehearse.js';
export { junitXml } from './report/junit.js';
export { caseLines, plainStyle, type ReportStyle, summaryLine } from './report/lines.js';
export { type Sentence, sentencesOf } from './report/sentences.js';
