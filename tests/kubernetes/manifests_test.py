#!/usr/bin/python3
"""docker/kubernetes: kubectl builds it, Kubernetes knows each field of it, and what it asks for fits together.

usage: manifests_test.py PACKAGES
"""

import json
import re
import sys
import unittest
from functools import lru_cache
from pathlib import Path

import api_schema
import manifests
from engine import ROOT
from manifests import SOURCES, Objects, at, container, containers, option, places, replaced

PACKAGES = Path(sys.argv.pop(1))
EXIT_CODES = {"waitlab-collector": [1, 2, 3, 4], "waitlab-worker": [1, 2, 3]}

# The kustomize of kubectl 1.14 to 1.20, which is 2.0.3, knows these as well as later ones do.
OLD_AND_NEW = {"apiVersion", "kind", "namespace", "resources", "images", "configMapGenerator", "secretGenerator"}


def config(name: str) -> dict:
    """One of the programs' configs, whose comments stand on lines of their own."""
    text = (SOURCES / f"config/{name}.jsonc").read_text()
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))


@lru_cache(maxsize=None)
def built() -> list[api_schema.Judged]:
    return api_schema.judge(PACKAGES, manifests.build(manifests.TOKEN).stdout)


class ManifestsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.objects = Objects([judged.document for judged in built()])


class Build(unittest.TestCase):
    def test_fails_without_a_token_and_names_the_file(self) -> None:
        done = manifests.build(token=None)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("/kubernetes/token: no such file", done.stderr)

    def test_the_token_is_kept_out_of_git(self) -> None:
        self.assertIn("/docker/kubernetes/token", (ROOT / ".gitignore").read_text().splitlines())

    def test_takes_only_what_old_and_new_kustomizes_understand(self) -> None:
        keys = re.findall(r"(?m)^(\w+):", (SOURCES / "kustomization.yaml").read_text())
        self.assertLessEqual(set(keys), OLD_AND_NEW)


class Schema(ManifestsTest):
    def refused(self, changes: list[tuple[dict, tuple, dict]]) -> None:
        """Each is a document, the place of a change, and what came of it."""
        verdicts = api_schema.judge(PACKAGES, [changed for _, _, changed in changes])
        for (document, place, _), verdict in zip(changes, verdicts, strict=True):
            self.assertTrue(verdict.faults, f"{document['kind']} {document['metadata']['name']}: {place}")

    def test_kubernetes_knows_every_field(self) -> None:
        kinds = sorted(document["kind"] for document in self.objects.documents)
        self.assertEqual(kinds, ["ConfigMap"] * 2 + ["Deployment"] * 2 + ["Job"] * 2 + ["Namespace", "Secret"]
                         + ["Service"] * 3)
        for judged in built():
            self.assertEqual(judged.faults, [], judged.document["metadata"]["name"])

    def test_each_field_is_refused_if_misspelt(self) -> None:
        fields = [(document, place) for document in self.objects.documents for place, free in places(document)
                  if isinstance(place[-1], str) and not free]
        self.assertGreater(len(fields), 200)
        self.refused([(*field, replaced(*field, f"{field[1][-1]}x", at(*field))) for field in fields])

    def test_each_value_is_refused_if_it_is_of_another_type(self) -> None:
        self.refused([(document, place, replaced(document, place, place[-1], [{"of": "another type"}]))
                      for document in self.objects.documents for place, _ in places(document)])

    def test_no_field_stands_there_twice(self) -> None:
        sources = [path.read_text() for path in sorted(SOURCES.glob("*.yaml")) if path.stem != "kustomization"]
        self.assertEqual(len(sources), 5)
        for judged in api_schema.judge(PACKAGES, "\n---\n".join(sources)):
            self.assertEqual(judged.faults, [])
        twice = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\nkind: Namespace\n"
        (judged,) = api_schema.judge(PACKAGES, twice)
        self.assertIn("must be unique", judged.faults[0])


class Jobs(ManifestsTest):
    def test_all_workers_run_at_once_and_the_collector_waits_for_as_many(self) -> None:
        workers = self.objects.job("waitlab-worker")
        collector = container(self.objects.job("waitlab-collector")["template"])
        self.assertEqual(workers["completionMode"], "Indexed")
        self.assertEqual(workers["parallelism"], workers["completions"])
        self.assertEqual(int(option(collector["args"], "workers")), workers["completions"])

    def test_nothing_that_failed_or_was_evicted_is_made_again(self) -> None:
        for name, codes in EXIT_CODES.items():
            with self.subTest(name):
                job = self.objects.job(name)
                self.assertEqual(job["template"]["spec"]["restartPolicy"], "Never")
                self.assertEqual(job["backoffLimit"], 0)
                failed, disrupted = job["podFailurePolicy"]["rules"]
                self.assertEqual([failed["action"], disrupted["action"]], ["FailJob"] * 2)
                self.assertEqual(failed["onExitCodes"], {"containerName": container(job["template"])["name"],
                                                         "operator": "In", "values": codes})
                self.assertEqual(disrupted["onPodConditions"], [{"type": "DisruptionTarget", "status": "True"}])

    def test_they_stay_long_enough_for_the_result_to_be_read_and_not_for_ever(self) -> None:
        for name in EXIT_CODES:
            self.assertGreaterEqual(self.objects.job(name)["ttlSecondsAfterFinished"], 3600, name)

    def test_a_worker_is_named_for_its_index_and_finds_the_collector(self) -> None:
        worker = container(self.objects.job("waitlab-worker")["template"])
        (name,) = worker["env"]
        self.assertEqual(name["name"], "WAITLAB_WORKER")
        self.assertEqual(name["valueFrom"]["fieldRef"]["fieldPath"],
                         "metadata.annotations['batch.kubernetes.io/job-completion-index']")
        collector = container(self.objects.job("waitlab-collector")["template"])
        port = self.objects.one("Service", "waitlab-collector")["spec"]["ports"][0]["port"]
        self.assertEqual(option(worker["args"], "collector"), f"waitlab-collector:{port}")
        self.assertEqual(option(collector["args"], "listen"), f"0.0.0.0:{port}")
        self.assertEqual(option(worker["args"], "token-file"), option(collector["args"], "token-file"))

    def test_workers_are_spread_over_nodes(self) -> None:
        template = self.objects.job("waitlab-worker")["template"]
        (spread,) = template["spec"]["topologySpreadConstraints"]
        self.assertEqual((spread["topologyKey"], spread["maxSkew"]), ("kubernetes.io/hostname", 1))
        self.assertEqual(spread["labelSelector"]["matchLabels"], template["metadata"]["labels"])

    def test_the_collector_awaits_the_server_that_is_to_be_loaded(self) -> None:
        awaiting, collecting = containers(self.objects.job("waitlab-collector")["template"])
        self.assertEqual(awaiting["args"][-1], collecting["args"][-1])
        self.assertEqual(awaiting["command"][:2], ["timeout", "5m"])


class Pods(ManifestsTest):
    def test_each_is_as_restricted_as_kubernetes_knows(self) -> None:
        enforced = self.objects.one("Namespace", "waitlab")["metadata"]["labels"]
        self.assertEqual(enforced, {"pod-security.kubernetes.io/enforce": "restricted"})
        for name, template in self.objects.templates().items():
            with self.subTest(name):
                context = template["spec"]["securityContext"]
                self.assertIs(context["runAsNonRoot"], True)
                self.assertEqual((context["runAsUser"], context["runAsGroup"]), (10001, 10001))
                self.assertEqual(context["seccompProfile"], {"type": "RuntimeDefault"})
                for each in containers(template):
                    self.assertEqual(each["securityContext"], {"allowPrivilegeEscalation": False,
                                     "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}})

    def test_each_has_all_that_it_asks_for_to_itself(self) -> None:
        for name, template in self.objects.templates().items():
            for each in containers(template):
                self.assertEqual(set(each["resources"]["requests"]), {"cpu", "memory"}, name)
                self.assertEqual(each["resources"]["requests"], each["resources"]["limits"], name)

    def test_none_gets_a_token_of_the_cluster_or_variables_of_its_services(self) -> None:
        for name, template in self.objects.templates().items():
            self.assertIs(template["spec"]["automountServiceAccountToken"], False, name)
            self.assertIs(template["spec"]["enableServiceLinks"], False, name)

    def test_all_run_the_one_image_even_if_a_node_was_given_it_by_hand(self) -> None:
        for name, template in self.objects.templates().items():
            for each in containers(template):
                self.assertEqual((each["image"], each["imagePullPolicy"]), ("waitlab:latest", "IfNotPresent"), name)

    def test_what_they_mount_is_there(self) -> None:
        held = {document["metadata"]["name"]: document["data"]
                for document in self.objects.of_kind("ConfigMap", "Secret")}
        self.assertEqual(len(held), 3)
        for name, template in self.objects.templates().items():
            with self.subTest(name):
                (volume,), (mount,) = template["spec"]["volumes"], container(template)["volumeMounts"]
                self.assertEqual((mount["name"], mount["readOnly"]), (volume["name"], True))
                source = volume.get("configMap", {}).get("name") or volume["secret"]["secretName"]
                (file,) = held[source]
                named = [argument.rpartition("=")[2] for argument in
                         container(template)["command"] + container(template).get("args", [])]
                self.assertIn(f"{mount['mountPath']}/{file}", named)

    def test_only_their_group_may_read_the_token(self) -> None:
        for name in EXIT_CODES:
            spec = self.objects.job(name)["template"]["spec"]
            self.assertEqual(spec["volumes"][0]["secret"]["defaultMode"], 0o440)
            self.assertEqual(spec["securityContext"]["fsGroup"], spec["securityContext"]["runAsGroup"])


class Services(ManifestsTest):
    def test_each_finds_one_workload_by_ports_that_it_names(self) -> None:
        for service in self.objects.of_kind("Service"):
            name = service["metadata"]["name"]
            with self.subTest(name):
                selector = service["spec"]["selector"].items()
                found = [workload for workload, template in self.objects.templates().items()
                         if selector <= template["metadata"]["labels"].items()]
                self.assertEqual(found, [name])
                ports = container(self.objects.templates()[name])["ports"]
                named = {port["name"]: port["containerPort"] for port in ports}
                for port in service["spec"]["ports"]:
                    self.assertEqual(named[port["targetPort"]], port["port"])

    def test_configs_listen_on_those_ports_and_the_load_goes_there(self) -> None:
        ports = {document["metadata"]["name"]: {port["name"]: port["port"] for port in document["spec"]["ports"]}
                 for document in self.objects.of_kind("Service")}
        server, backend = config("server"), config("backend")
        self.assertEqual(ports["waitlab-server"], {"http": server["listen"]["port"], "admin": server["admin"]["port"]})
        self.assertEqual(ports["waitlab-backend"], {"http": backend["listen"]["port"]})
        self.assertEqual(server["backend"]["address"], f"waitlab-backend:{backend['listen']['port']}")
        url = container(self.objects.job("waitlab-collector")["template"])["args"][-1]
        self.assertEqual(url, f"http://waitlab-server:{server['listen']['port']}/wait")


if __name__ == "__main__":
    api_schema.skip_without("kubectl", "kubernetes-client")
    if not api_schema.installed(PACKAGES).is_file():
        api_schema.skip("the packages of tests/kubernetes/package.json are not installed")
    unittest.main()
