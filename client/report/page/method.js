// How it was measured, so that it can be trusted, doubted and done again.

function methodSection(model) {
  return section(
      'method', 'How it was measured',
      model.results.map(
          (result) =>
              [model.results.length > 1 ? element('h3', {}, `${result.name}${result.mark}`) : null,
               definitions(methodPairs(result.data)),
               element('h3', {}, 'What was compared'),
               definitions(result.data.targets.map((target) => [target.name, targetText(target)])),
               element(
                   'details', {}, element('summary', {}, 'The experiment file'),
                   element('pre', {tabindex: 0}, result.data.experiment.content)),
               element(
                   'p', {},
                   element(
                       'button', {type: 'button', class: 'download', onclick: () => download(result)},
                       `Download the raw result${result.mark}`)),
  ]),
      element('h3', {}, 'What to bear in mind'), limitsOfMethod().map(paragraph));
}

function methodPairs(data) {
  const {load, machine, placement} = data;
  return [
    ['Load', loadText(load)],
    [
      'Repeats',
      `${load.repeats} of each run, ${load.order?.shuffled ? 'in shuffled order, ' : ''}each with a fresh server; ` +
          'all targets get the same arrivals and the same delays'
    ],
    ['Backend', data.backend.settings.join(', ')],
    ['Placement', placementText(placement)],
    ['Machine', machineText(machine)],
    ['Made', `${data.started_at} by waitlab ${data.version}${data.experiment.quick ? ', with --quick' : ''}`],
    ['To do it again', `waitlab-client experiment ${data.experiment.file}`],
  ];
}

function loadText(load) {
  const levels = load.connections === null ?
      `open loop, ${load.arrivals === 'poisson' ? 'Poisson' : load.arrivals} arrivals at ${
          listed(load.rates.map(digits))} per second` :
      `closed loop, ${listed(load.connections.map(String))} connections that ask again as soon as they are answered`;
  return `${levels}; ${load.path ?? load.targets_file}; ${digits(load.warmup_seconds)} s of warm-up, then ` +
      `${digits(load.duration_seconds)} s measured; time-out ${digits(load.timeout_seconds)} s`;
}

function placementText({server_cpus: server, client_and_backend_cpus: others, shared}) {
  if (shared) return `server, client and backend shared CPU ${server.join(', ')} and slowed each other down`;
  return `server on CPU ${server.join(', ')}; client and backend on CPU ${others.join(', ')}`;
}

function machineText(machine) {
  return [
    machine.cpu_model, `${machine.cpus_online} CPUs (${machine.cpus_usable} usable)`,
    `${digits(machine.memory_bytes / 1024 ** 3)} GiB memory`, machine.kernel,
    machine.cpu_quota ? `limited to ${machine.cpu_quota} CPUs’ time` : null,
    machine.governor ? `frequency governor ${machine.governor}` : null
  ].filter(Boolean)
      .join(', ');
}

function targetText(target) {
  if (target.kind === 'command') return `${target.command.join(' ')}, at ${target.url}`;
  if (target.kind === 'url') return `${target.url}, which was running already`;
  return `waitlab-server --set ${target.settings.join(' --set ')}`;
}

function limitsOfMethod() {
  return [
    'Response times count from the moment a request was due, not from when it was sent, so a server that falls behind ' +
        'can’t hide it. In a closed loop nothing is due before the last answer came: there an overload shows as a ' +
        'lower rate.',
    'The server was watched from outside: threads and memory ten times a second, so that a shorter peak may be ' +
        'missed; CPU time and context switches from the kernel’s own counters, without the thread that answers the ' +
        'watching.',
    'A difference is called one only where the 95 % interval of its ratio over the repeats leaves out 1 and the ratio ' +
        'is at least 1.15; of single repeats, where it is at least 1.5, and how much of that is chance is not known.',
    'All of it ran on one machine, over its loopback: a network would add its own waiting.',
  ];
}

/** The result as it is embedded in the page, as a file. */
function download({data, text}) {
  const url = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
  element('a', {href: url, download: `${data.name}.json`}).click();
  URL.revokeObjectURL(url);
}
