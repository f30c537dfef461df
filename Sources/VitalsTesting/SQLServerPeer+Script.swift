extension SQLServerPeer {
    static let script = #"""
        import json, socket, ssl, struct, sys, threading, time

        port, certificate, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
        lock, beat = threading.Lock(), {}
        IDENTITY = {
            "version": "16.0.4105.2", "edition": "Developer Edition (64-bit)", "engine": 3,
            "status": "ONLINE", "updateability": "READ_WRITE", "read_only": 0, "in_group": 0,
            "identifier": "6F9619FF-8B86-D011-B42D-00C04FC964FF"}

        def note(text):
            with lock, open("heard", "a") as file:
                file.write(text.replace("\n", " ") + "\n")

        def short(text):
            return bytes([len(text)]) + text.encode("utf-16-le")

        def long(text):
            return struct.pack("<H", len(text)) + text.encode("utf-16-le")

        def done(status=0, rows=0, mark=0xFD):
            return struct.pack("<BHHQ", mark, status, 0xC1, rows)

        def failure(number, state, severity, text):
            body = struct.pack("<iBB", number, state, severity) + long(text) + short("peer") + short("")
            return b"\xAA" + struct.pack("<H", len(body) + 4) + body + struct.pack("<i", 1)

        def change(kind, new, old=b"\0"):
            body = bytes([kind]) + new + old
            return b"\xE3" + struct.pack("<H", len(body)) + body

        def kind_of(values):
            values = [value for value in values if value is not None]
            if values and all(isinstance(value, int) for value in values):
                return "int"
            return "float" if values and all(isinstance(value, (int, float)) for value in values) else "text"

        def result(columns, rows):
            kinds = [kind_of([row[index] for row in rows]) for index in range(len(columns))]
            text = b"\xE7\x40\x1F" + b"\x09\x04\xD0\0\x34"
            types = {"int": b"\x26\x08", "float": b"\x6D\x08", "text": text}
            answer = b"\x81" + struct.pack("<H", len(columns))
            for name, kind in zip(columns, kinds):
                answer += struct.pack("<IH", 0, 9) + types[kind] + short(name)
            for row in rows:
                answer += b"\xD1"
                for value, kind in zip(row, kinds):
                    if kind == "text":
                        text = None if value is None else str(value).encode("utf-16-le")
                        answer += b"\xFF\xFF" if text is None else struct.pack("<H", len(text)) + text
                    elif value is None:
                        answer += b"\0"
                    else:
                        answer += b"\x08" + struct.pack("<q" if kind == "int" else "<d", value)
            return answer + done(0x10, len(rows))

        class Closed(Exception):
            pass

        class Session:
            def __init__(self, raw, behaviour):
                self.raw, self.behaviour, self.tls, self.input = raw, behaviour, None, b""
                self.secured = ""

            def read(self):
                while True:
                    if self.tls:
                        try:
                            return self.tls.read(65536)
                        except ssl.SSLWantReadError:
                            pass
                    part = self.raw.recv(65536)
                    if not part:
                        raise Closed()
                    if not self.tls:
                        return part
                    self.incoming.write(part)

            def message(self):
                kind, whole = None, b""
                while True:
                    while len(self.input) < 8:
                        self.input += self.read()
                    length = struct.unpack(">H", self.input[2:4])[0]
                    while len(self.input) < length:
                        self.input += self.read()
                    kind, last = self.input[0], self.input[1] & 1
                    whole += self.input[8:length]
                    self.input = self.input[length:]
                    if last:
                        return kind, whole

            def send(self, message, kind=4):
                parts = [message[at:at + 4088] for at in range(0, len(message), 4088)] or [b""]
                packets = b"".join(
                    struct.pack(">BBHHBB", kind, at == len(parts) - 1, len(part) + 8, 51, 1, 0) + part
                    for at, part in enumerate(parts))
                if self.tls:
                    self.tls.write(packets)
                    packets = self.outgoing.read()
                self.raw.sendall(packets)

            def secure(self, framed):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate, key)
                if framed:
                    context.maximum_version = ssl.TLSVersion.TLSv1_2
                else:
                    context.set_alpn_protocols(["tds/8.0"])
                self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
                tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
                while True:
                    try:
                        tls.do_handshake()
                        ended = True
                    except ssl.SSLWantReadError:
                        ended = False
                    said = self.outgoing.read()
                    if said and framed:
                        self.send(said, 18)
                    elif said:
                        self.raw.sendall(said)
                    if ended:
                        break
                    if framed:
                        self.incoming.write(self.message()[1])
                    else:
                        part = self.raw.recv(65536)
                        if not part:
                            raise Closed()
                        self.incoming.write(part)
                self.tls = tls
                self.secured = " by TLS"

            def serve(self):
                mode = self.behaviour.get("encryption", "off" if certificate else "none")
                greeting = self.behaviour.get("greeting")
                if greeting == "close":
                    return
                if mode == "strict":
                    self.secure(False)
                kind, said = self.message()
                if greeting == "silence":
                    time.sleep(600)
                elif greeting == "half":
                    self.raw.sendall(b"\x04\x01\0\x2B\0\0\1\0\0\0")
                    return
                elif greeting:
                    self.raw.sendall(bytes.fromhex(greeting))
                    return
                wish = self.option(said, 1)[0]
                mark = {"off": 0, "on": 1, "required": 3, "none": 2, "strict": 2}[mode]
                if mode == "off" and wish in (1, 3):
                    mark = 1
                if mode == "off" and wish == 2:
                    mark = 2
                version = bytes([16, 0]) + struct.pack(">HH", 4105, 0)
                self.send(b"\0\0\x0B\0\6" + b"\1\0\x11\0\1" + b"\xFF" + version + bytes([mark]))
                if mark in (0, 1, 3) and mode != "strict":
                    self.secure(True)
                kind, login = self.message()
                if mark == 0:
                    self.tls = None
                if self.enter(login):
                    while True:
                        self.answer(*self.message())

            def option(self, said, wanted):
                at = 0
                while said[at] != 255:
                    kind, offset, length = struct.unpack(">BHH", said[at:at + 5])
                    if kind == wanted:
                        return said[offset:offset + length]
                    at += 5
                return b"\2"

            def enter(self, login):
                def field(index):
                    offset, length = struct.unpack("<HH", login[36 + 4 * index:40 + 4 * index])
                    return login[offset:offset + 2 * length]
                user = field(1).decode("utf-16-le")
                hidden = bytes(byte ^ 0xA5 for byte in field(2))
                password = bytes((byte << 4 | byte >> 4) & 255 for byte in hidden).decode("utf-16-le")
                offset, length = struct.unpack("<HH", login[68:72])
                self.database = login[offset:offset + 2 * length].decode("utf-16-le") or "master"
                version = struct.unpack("<I", login[4:8])[0]
                intent = " for reading" if login[26] & 0x20 else ""
                note(f"login {user} to {self.database} in {version:x}{self.secured}{intent}")
                refused = self.behaviour.get("login")
                if not refused and password != self.behaviour.get("password", "s3cr3t"):
                    refused = [[18456, 1, 14, f"Login failed for user '{user}'."]]
                if refused:
                    self.send(b"".join(failure(*error) for error in refused) + done(2))
                    return False
                program = b"\1\x74\0\0\4" + short("Microsoft SQL Server") + b"\x10\0\x10\x09"
                answer = change(1, short(self.database), short("master"))
                answer += b"\xAD" + struct.pack("<H", len(program)) + program
                answer += change(4, short("4096"), short("4096"))
                route = self.behaviour.get("route")
                if route:
                    to = b"\0" + struct.pack("<H", route[1]) + long(route[0])
                    answer += change(20, struct.pack("<H", len(to)) + to, b"\0\0")
                self.send(answer + done())
                return not route

            def answer(self, kind, message):
                if kind == 6:
                    note("attention")
                    return self.send(done(0x20))
                if kind != 1:
                    return self.send(failure(2812, 1, 16, "what is this?") + done(2))
                text = message[struct.unpack("<I", message[:4])[0]:].decode("utf-16-le")
                note("batch " + text)
                for part, told in self.behaviour.get("answers", []):
                    if part in text:
                        return self.obey(told)
                self.obey(self.usual(text))

            def usual(self, text):
                if "SERVERPROPERTY('ProductVersion')) AS version" in text:
                    identity = {**IDENTITY, **self.behaviour.get("identity", {})}
                    return {"columns": list(identity), "rows": [list(identity.values())]}
                if text.strip() == "SELECT 1":
                    return {"columns": [""], "rows": [[1]]}
                if "sp_getapplock" in text:
                    return {"columns": ["taken"], "rows": [[0]]}
                if "OBJECT_ID" in text and text.startswith("SELECT"):
                    return {"columns": ["found"], "rows": [[245575913]]}
                with lock:
                    isInsert = "; INSERT INTO [vitals].[heartbeat]" in text
                    if isInsert or "; UPDATE [vitals].[heartbeat]" in text:
                        isThere = self.database in beat
                        if isInsert or isThere:
                            beat[self.database] = text.split("'")[3 if isInsert else 1]
                        return {"changed": 1 if isInsert or isThere else 0}
                    if text.startswith("SELECT seq, token FROM"):
                        rows = [[1, beat[self.database]]] if self.database in beat else []
                        return {"columns": ["seq", "token"], "rows": rows}
                return {}

            def obey(self, told):
                if told.get("close"):
                    raise Closed()
                if told.get("hang"):
                    while self.message()[0] != 6:
                        pass
                    note("attention")
                    return self.send(done(0x20))
                if "raw" in told:
                    return self.send(bytes.fromhex(told["raw"]))
                answer = b"".join(failure(*error) for error in told.get("errors", []))
                if answer:
                    self.send(answer + done(2))
                    if max(error[2] for error in told["errors"]) >= 20:
                        raise Closed()
                    return
                if "columns" in told:
                    answer = result(told["columns"], told["rows"])
                elif "changed" in told:
                    answer = done(0x10, told["changed"])
                self.send(answer or done())

        def talk(raw):
            with raw:
                try:
                    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    with open("behaviour") as file:
                        behaviour = json.load(file)
                    Session(raw, behaviour).serve()
                except (Closed, OSError):
                    pass

        listener = socket.create_server(("127.0.0.1", port), backlog=512)
        while True:
            raw, _ = listener.accept()
            threading.Thread(target=talk, args=(raw,), daemon=True).start()
        """#
}
