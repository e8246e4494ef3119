// Holds objects of Kubernetes against the schema of its API, in which no field is known but those it names.
//
// usage: node schema.js PACKAGES FILE
//
// FILE.yaml is a stream of documents, FILE.json a list of them; PACKAGES has the node_modules of package.json. Prints
// a list in JSON, with {"document": what it says, "faults": [what is wrong with it]} for each.
//
// The package's validators are compiled, so their schema cannot be made stricter; but they look at each field that it
// names, and at no other. What none of them looked at is a field that Kubernetes does not know.
'use strict';

const {readFileSync} = require('node:fs');
const {createRequire} = require('node:module');
const path = require('node:path');

const [packages, file] = process.argv.slice(2);
const requireInstalled = createRequire(path.resolve(packages, 'package.json'));
const {parseAllDocuments} = requireInstalled('yaml');

const below = (place, key) => `${place}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
const isParent = (value) => typeof value === 'object' && value !== null;

// The value, but whoever looks at what is in it leaves the place of that in `seen`.
function watched(value, place, seen) {
  if (!isParent(value)) return value;
  return new Proxy(value, {
    get(parent, key) {
      seen.add(below(place, key));
      return watched(parent[key], below(place, key), seen);
    },
  });
}

function unseenIn(value, place, seen) {
  if (!isParent(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const inner = below(place, key);
    return seen.has(inner) ? unseenIn(value[key], inner, seen) : [`${inner} is unknown`];
  });
}

// What the schema has of such an object; undefined if there is none.
function modelOf(apiVersion, kind) {
  try {
    return requireInstalled(`kubernetes-models/${apiVersion}/${kind}`)[kind];
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
    throw error;
  }
}

function faultsOf(object) {
  const model = modelOf(object?.apiVersion, object?.kind);
  if (!model) return [`there is no ${object?.kind} in ${object?.apiVersion}`];
  const seen = new Set();
  const faults = [];
  try {
    model.prototype.validate.call(watched(object, '', seen));
  } catch (error) {
    if (!error.errors) throw error;
    faults.push(...error.errors.map(({instancePath, message}) => `${instancePath} ${message}`));
  }
  return faults.concat(unseenIn(object, '', seen));
}

const judged = (document) => ({document, faults: faultsOf(document)});

function judgedIfRead(parsed) {
  if (parsed.errors.length > 0) return {document: null, faults: parsed.errors.map((error) => error.message)};
  return judged(parsed.toJS());
}

const text = readFileSync(file, 'utf8');
const verdicts = file.endsWith('.json') ? JSON.parse(text).map(judged) : parseAllDocuments(text).map(judgedIfRead);
process.stdout.write(JSON.stringify(verdicts));
