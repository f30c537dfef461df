/// What a request says, in the words of those whose clients are to need only a new address.
extension Ping {
    /// Why a request is no ping.
    package enum Refusal: Error, Equatable {
        /// There is no such address.
        case unknown
        /// The address is right, and what it was told is not.
        case invalid(String)
    }

    /// As healthchecks has it: `/ping/<uuid>[/start|/fail|/log|/<exit status>]?rid=<uuid>`.
    ///
    /// - Parameters:
    ///   - action: what follows the uuid or the slug; nothing: a success.
    ///   - run: `rid`, as it was written.
    package init(healthchecks action: String?, run: String?) throws(Refusal) {
        let kind: Kind
        switch action {
        case nil: kind = .success
        case "start": kind = .start
        case "fail": kind = .failure(status: nil)
        case "log": kind = .log
        case let text?:
            guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let status = Int(text)
            else { throw .unknown }
            guard status <= 255 else { throw .invalid("invalid exit status") }
            kind = status == 0 ? .success : .failure(status: status)
        }
        guard let run else {
            self.init(kind)
            return
        }
        guard let uuid = UUIDText.canonical(run) else { throw .invalid("invalid uuid format") }
        self.init(kind, run: uuid)
    }

    /// As Gatus's external endpoints have it: `?success=true|false&error=<text>&duration=<10s>`.
    package init(gatusSuccess success: String?, duration: String?) throws(Refusal) {
        guard let success, ["true", "false"].contains(success) else {
            throw .invalid("missing or invalid success query parameter")
        }
        var taken: Duration?
        if let duration, !duration.isEmpty {
            guard let read = Duration(written: duration), read >= .zero else {
                throw .invalid("invalid duration")
            }
            taken = Self.believable(read)
        }
        self.init(success == "true" ? .success : .failure(status: nil), duration: taken)
    }

    /// As Uptime Kuma's push monitors have it: `?status=up|down&msg=<text>&ping=<milliseconds>`. Whatever is
    /// not `up` is down, and what is no number is no `ping`, as there.
    package init(kumaStatus status: String?, ping: String?) {
        let milliseconds = ping.flatMap { Double($0) }.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        let taken = milliseconds.flatMap { $0 < 1e12 ? Duration.microseconds(Int64($0 * 1_000)) : nil }
        self.init(
            (status ?? "up") == "up" ? .success : .failure(status: nil),
            duration: taken.flatMap(Self.believable))
    }

    /// Beyond three days it tells of something else than a job.
    private static func believable(_ duration: Duration) -> Duration? {
        duration <= Heartbeat.longestJob ? duration : nil
    }
}

/// UUIDs as texts (RFC 9562).
package enum UUIDText {
    /// In small letters; nothing when it is none.
    package static func canonical(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        for (index, byte) in bytes.enumerated() {
            let isDash = [8, 13, 18, 23].contains(index)
            let isHexadecimal =
                (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
            guard isDash ? byte == UInt8(ascii: "-") : isHexadecimal else { return nil }
        }
        return text.lowercased()
    }

    /// A UUID of one's own making (version 8).
    ///
    /// - Parameter digits: 32 hexadecimal ones, of which two give way to the form.
    package static func custom(_ digits: String) -> String? {
        var bytes = Array(digits.lowercased().utf8)
        guard bytes.count == 32 else { return nil }
        bytes[12] = UInt8(ascii: "8")
        bytes[16] = UInt8(ascii: "a")
        for index in [20, 16, 12, 8] { bytes.insert(UInt8(ascii: "-"), at: index) }
        return canonical(String(decoding: bytes, as: UTF8.self))
    }
}
