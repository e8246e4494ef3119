// How it was measured, so that it can be trusted, doubted and done again.

function methodSection(model) {
  return section(
      'method', 'How it was measured', model.results.map((result) => methodOf(result, model.results.length > 1)),
      element('h3', {}, 'What to bear in mind'), limitsOfMethod(model).map(paragraph));
}

function methodOf(result, isOneOfSeveral) {
  const {data} = result;
  return [
    isOneOfSeveral ? element('h3', {}, `${result.name}${result.mark}`) : null,
    definitions(methodPairs(data)),
    element('h3', {}, 'What was compared'),
    definitions(data.targets.map((target) => [target.name, targetText(target)])),
    data.experiment.file === '' ? null : experimentFile(data.experiment.content),
    element('p', {}, downloadButton(result)),
  ];
}

/** Results of single runs have no experiment file; its text is then the command of the first. */
function methodPairs(data) {
  const {experiment, load, machine, placement} = data;
  return [
    ['Load', loadText(load)],
    ['Repeats', repeatsText(data)],
    ['Backend', data.backend.settings.join(', ')],
    ['Placement', placementText(placement)],
    ['Machine', machineText(machine)],
    ['Made', `${data.started_at} by waitlab ${data.version}${experiment.quick ? ', with --quick' : ''}`],
    ['To do it again', experiment.file ? againText(experiment) : experiment.content],
  ];
}

function againText({file, quick}) { return `waitlab-client experiment ${file}${quick ? ' --quick' : ''}`; }

function loadText(load) {
  return joined('; ', [
    arrivalsText(load),
    load.path ?? load.targets_file,
    load.warmup_seconds > 0 ? `${digits(load.warmup_seconds)} s of warm-up` : null,
    `${digits(load.duration_seconds)} s measured`,
    `time-out ${digits(load.timeout_seconds)} s`,
  ]);
}

function arrivalsText({arrivals, rates, connections}) {
  if (connections !== null) {
    return `closed loop, ${listed(connections.map(String))} connections that ask again as soon as they are answered`;
  }
  const kind = arrivals === 'poisson' ? 'Poisson' : arrivals;
  return `open loop, ${kind} arrivals at ${listed(rates.map(digits))} per second`;
}

function repeatsText({experiment, load}) {
  if (experiment.file === '') return String(load.repeats);
  const order = load.order.shuffled ? 'in shuffled order' : 'the targets taking turns';
  return `${load.repeats} of each run, ${order}, each with a fresh server; all get the same arrivals and delays`;
}

function placementText({server_cpus: server, client_and_backend_cpus: others, shared}) {
  if (server.length === 0) return null;
  if (shared) return `server, client and backend shared CPU ${server.join(', ')} and slowed each other down`;
  return `server on CPU ${server.join(', ')}; client and backend on CPU ${others.join(', ')}`;
}

function machineText(machine) {
  return joined(', ', [
    machine.cpu_model,
    `${machine.cpus_online} CPUs (${machine.cpus_usable} usable)`,
    `${digits(machine.memory_bytes / 1024 ** 3)} GiB memory`,
    machine.kernel,
    machine.cpu_quota ? `limited to ${machine.cpu_quota} CPUs’ time` : null,
    machine.governor ? `frequency governor ${machine.governor}` : null,
  ]);
}

function targetText(target) {
  if (target.kind === 'command') return `${target.command.join(' ')}, at ${target.url}`;
  if (target.kind === 'url') return `${target.url}, which was running already`;
  const command = ['waitlab-server', ...target.settings.map((setting) => `--set ${setting}`)].join(' ');
  return target.path ? `${command}, asked for ${target.path}` : command;
}

function experimentFile(text) {
  return element(
      'details', {class: 'printed'}, element('summary', {}, 'The experiment file'),
      element('pre', {tabindex: 0}, text));
}

function limitsOfMethod(model) {
  const isWatched = model.targets.some((target) => target.kind !== 'url');
  return [
    'Response times count from the moment a request was due, not from when it was sent, so a server that falls behind ' +
        'can’t hide it. In a closed loop nothing is due before the last answer came: there an overload shows as a ' +
        'lower rate.',
    isWatched ?
        'The server was watched from outside: threads and memory ten times a second, so that a shorter peak may be ' +
            'missed; CPU time and context switches from the kernel’s own counters, without the thread that answers ' +
            'the watching.' :
        null,
    'A difference is called one only where the 95 % interval of its ratio over the repeats leaves out 1 and the ratio ' +
        'is at least 1.15; of single repeats, where it is at least 1.5, and how much of that is chance is not known.',
    isWatched ? 'All of it ran on one machine, over its loopback: a network would add its own waiting.' : null,
  ].filter((text) => text !== null);
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
