"""Between a load and its server: notes what the server answers, and lets nobody wait for half a minute."""
import http.client
import http.server
import threading


class Proxy:
    """Hands requests on, and answers back; a Retry-After becomes a second on the way, after it was noted."""

    def __init__(self, port):
        self.answers = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def hand_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                try:
                    connection.request(
                        self.command, self.path, body or None, {"Content-Type": self.headers.get("Content-Type", "")})
                    answer = connection.getresponse()
                    content = answer.read()
                except OSError:
                    self.close_connection = True
                    return
                finally:
                    connection.close()
                if "operation=PKIOperation" in self.path:
                    proxy.answers.append((answer.status, answer.getheader("Retry-After"), content))
                self.send_response(answer.status)
                if answer.getheader("Retry-After"):
                    self.send_header("Retry-After", "1")
                self.send_header("Content-Type", answer.getheader("Content-Type") or "text/plain")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = hand_on

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/scep"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def refusals(self):
        """The answers that are no 200."""
        return [answer for answer in list(self.answers) if answer[0] != 200]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
