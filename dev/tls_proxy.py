"""`python -m dev.tls_proxy --port 5056 --target 5055`: Xero's own hosts on this machine, for clients that have them hard-wired.

A client that is told of this proxy (HTTPS_PROXY) asks it for a tunnel to api.xero.com:443. The tunnel ends here: TLS with a certificate
of `dev/authority.py`, and behind it the simulator on `--target`. A tunnel to any other host is refused, so that nothing leaves the machine.
"""

import argparse
import asyncio
import contextlib
import ssl

from dev import authority

CHUNK = 65536
END = b"\r\n\r\n"


class Proxy:
    def __init__(self, target):
        self.target = target
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(authority.HOSTS_CERTIFICATE)

    async def serve(self, port):
        server = await asyncio.start_server(self.tunnel, "127.0.0.1", port)
        await server.serve_forever()

    async def tunnel(self, reader, writer):
        """One connection of a client, from its CONNECT to its end. Broken connections are the client's to notice."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError), contextlib.closing(writer):
            method, address, *_rest = (await reader.readuntil(END)).decode("latin-1").split()
            if method != "CONNECT" or address.rpartition(":")[0] not in authority.HOSTS:
                writer.write(b"HTTP/1.1 403 Only Xero's hosts are reached through here\r\nContent-Length: 0" + END)
                await writer.drain()
                return
            writer.write(b"HTTP/1.1 200 Connection established" + END)
            await writer.start_tls(self.context)
            await self._join(reader, writer)

    async def _join(self, reader, writer):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        with contextlib.closing(far_writer):
            ways = [asyncio.create_task(_pass_on(reader, far_writer)), asyncio.create_task(_pass_on(far_reader, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)


async def _pass_on(reader, writer):
    while data := await reader.read(CHUNK):
        writer.write(data)
        await writer.drain()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--target", type=int, required=True, help="the simulator's port on this machine")
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(Proxy(arguments.target).serve(arguments.port))


if __name__ == "__main__":
    main()
