// How it was measured, so that it can be trusted, doubted and reproduced. The texts are the client's.

function methodSection(model) {
  return section(
      'method', 'How it was measured', model.results.map((result) => methodOf(result, model.results.length > 1)),
      element('h3', {}, 'Limitations'), textsOf(model, (facts) => facts.limitations).map(paragraph));
}

function methodOf(result, isOneOfSeveral) {
  const {data, facts} = result;
  return [
    isOneOfSeveral ? element('h3', {}, `${result.name}${result.mark}`) : null,
    definitions(facts.method),
    element('h3', {}, 'Targets'),
    definitions(facts.targets),
    data.experiment.file === '' ? null : experimentFile(data.experiment.content),
    element('p', {}, downloadButton(result)),
  ];
}

function experimentFile(text) {
  return element(
      'details', {class: 'printed'}, element('summary', {}, 'Experiment file'), element('pre', {tabindex: 0}, text));
}

function downloadButton(result) {
  return element(
      'button', {type: 'button', class: 'download', onclick: () => download(result)},
      `Download the raw result${result.mark}`);
}

/** The result as it is embedded in the page, as a file. */
function download({data, text}) {
  const url = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
  element('a', {href: url, download: `${data.name}.json`}).click();
  URL.revokeObjectURL(url);
}
