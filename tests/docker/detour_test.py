#!/usr/bin/python3
"""A client that reaches the server through Docker's proxy or address translation says so; one beside it does not."""

import json

import suite
from container import ContainerTest
from engine import IMAGE, LABEL, PROJECT, RUN, docker, run


class Detour(ContainerTest):
    def told(self, url: str, *options: str) -> str:
        """What one request's client, in a container with these options, tells at once, and leaves in its result."""
        done = run("docker", *RUN, "--rm", *options, "--entrypoint=waitlab-client", IMAGE, "run", "--requests=1",
                   "--json=-", url, check=False)
        detour = json.loads(done.stdout)["detour"]
        said = " ".join(done.stderr.split())  # it breaks its lines
        self.assertTrue(said.startswith(f"waitlab-client: {detour} GET " if detour else "GET "), said)
        return detour or ""

    def test_a_client_on_the_machine_is_warned_of_a_published_port(self) -> None:
        host, port = self.container().address(8080)
        # With the machine's processes too, among which is Docker's proxy.
        told = self.told(f"http://{host}:{port}/plain", "--network=host", "--pid=host")
        self.assertIn(f"port {port} is published by Docker", told)
        self.assertTrue(told.endswith("waitlab run http://localhost:8080/plain"), told)

    def test_a_client_in_another_container_is_warned_of_the_way_over_the_machine(self) -> None:
        docker("network", "create", "--label", LABEL, PROJECT)
        self.addCleanup(docker, "network", "rm", PROJECT)
        gateway = docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", PROJECT)
        published = docker("port", self.container(f"--network={PROJECT}", f"--publish={gateway}::8080").id, "8080/tcp")
        (address,) = (line for line in published.splitlines() if line.startswith(gateway))
        told = self.told(f"http://{address}/plain", f"--network={PROJECT}")
        self.assertIn(f"the way to port {address.rpartition(':')[2]} leads out of this container", told)

    def test_a_client_in_the_network_of_the_server_is_not_warned(self) -> None:
        server = self.container().id
        self.assertEqual(self.told("http://localhost:8080/plain", f"--network=container:{server}"), "")


if __name__ == "__main__":
    suite.main()
