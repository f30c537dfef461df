import NIOCore

@testable import VitalsNet

extension FuzzTarget {
    /// A byte for the kind of address and of record asked for, then the reply of the name server; the same
    /// bytes are read as the machine's own files about names, as a name and as an expected record.
    static let dns = FuzzTarget(name: "dns", feed: DNSTarget.feed)
}

private enum DNSTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let first = bytes.first else { return }
        let address: DNSKind = first & 1 == 0 ? .a : .aaaa
        let kind = DNSKind.allCases[Int(first >> 1) % DNSKind.allCases.count]
        try addresses(bytes.dropFirst(), address)
        try records(bytes.dropFirst(), kind)
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        _ = HostsFile(text)
        try file(text)
        try question(HostName.normal(text), kind)
        try dialogue(bytes.dropFirst(), kind, seed: first)
        try settings(text, kind)
    }

    /// By TCP there is a verdict in the end, however the bytes are cut; by UDP what answers nothing is passed
    /// over.
    private static func dialogue(
        _ bytes: ArraySlice<UInt8>, _ kind: DNSKind, seed: UInt8
    ) throws(BrokenPromise) {
        var settings = DNSProbeSettings(name: "a.example")
        settings.kind = kind
        var datagram = try DialogueRun(DNSDialogue(settings, id: 7, patience: .seconds(1)), computing: 0)
        try datagram.receive(bytes)
        let reply = DNSReply(ByteBuffer(bytes: bytes), to: settings.question, id: 7)
        try promise(datagram.verdict == nil || reply != nil, "a verdict on what is no answer")

        settings.usesTCP = true
        let length = [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)]
        var whole = try DialogueRun(DNSDialogue(settings, id: 7, patience: .seconds(1)), computing: 0)
        var cut = whole
        try whole.receive(length + bytes)
        for piece in Pieces(of: (length + bytes)[...], seed: seed) { try cut.receive(piece) }
        try promise(whole.verdict != nil || bytes.count > 0xFFFF, "no verdict on a whole message")
        try promise(whole.ending == cut.ending, "\(whole.ending), but in pieces \(cut.ending)")
    }

    /// What is read of a target can be asked, and an expected record stays what it is.
    private static func settings(_ text: String, _ kind: DNSKind) throws(BrokenPromise) {
        if let settings = try? DNSProbeSettings(parsing: text) {
            let message = settings.question.encoded(id: 7)
            var reader = DNSReader(Array(message.readableBytesView))
            _ = reader.header()
            try promise(reader.name() == settings.name, "asks for another name than \(settings.name)")
        }
        guard kind != .txt, let record = try? DNSExpectation.normal(text, kind) else { return }
        let again = try? DNSExpectation.normal(record, kind)
        try promise(again == record, "\(record) becomes \(again ?? "nothing")")
    }

    private static func addresses(_ bytes: ArraySlice<UInt8>, _ kind: DNSKind) throws(BrokenPromise) {
        let question = DNSQuestion(name: "a.example", kind: kind)
        let answer = DNSAnswer(ByteBuffer(bytes: bytes), to: question, id: 7)
        switch answer {
        case .addresses(let addresses, let ttl), .truncated(let addresses, let ttl):
            let family: NIOBSDSocket.ProtocolFamily = kind == .a ? .inet : .inet6
            try promise(addresses.allSatisfy { $0.protocol == family }, "an address of the other kind")
            try promise(addresses.count <= 1_000, "\(addresses.count) addresses")
            try promise(ttl <= Int32.max, "a time to live of \(ttl)")
            if case .addresses = answer { try promise(!addresses.isEmpty, "no address") }
        case .failure(let code):
            try promise(code != .noError && code != .noSuchName, "the code \(code.text)")
            try promise(code.rawValue < 16, "the code \(code.rawValue)")
        case .noAddress, .noSuchName, nil:
            break
        }
    }

    private static func records(_ bytes: ArraySlice<UInt8>, _ kind: DNSKind) throws(BrokenPromise) {
        let question = DNSQuestion(name: "a.example", kind: kind)
        guard let reply = DNSReply(ByteBuffer(bytes: bytes), to: question, id: 7),
            let found = reply.found(for: question)
        else { return }
        try promise(!found.records.isEmpty, "nothing found and said to be")
        for record in found.records {
            try promise(record.kind == kind.rawValue, "a record of another kind")
            try promise(found.ttl <= record.ttl, "a time to live longer than a record's")
            let text = reply.text(of: record)
            try promise(text?.isEmpty != true || kind == .txt, "an empty \(kind.text)")
        }
    }

    private static func file(_ text: String) throws(BrokenPromise) {
        let file = ResolvFile(text)
        try promise((1...3).contains(file.servers.count), "\(file.servers.count) servers")
        try promise(file.timeout > .zero && file.attempts > 0, "no time or no attempt")
        let names = file.candidates(for: "a", isWhole: false)
        try promise(names.contains("a") && names.count <= 17, "looks for \(names)")
        try promise(names.allSatisfy(HostName.isValid), "looks for what is no name")
    }

    /// What is asked reads back as it was meant.
    private static func question(_ name: String, _ kind: DNSKind) throws(BrokenPromise) {
        guard HostName.isValid(name) else { return }
        let message = DNSQuestion(name: name, kind: kind).encoded(id: 7)
        var reader = DNSReader(Array(message.readableBytesView))
        let header = reader.header()
        try promise(header?.id == 7 && header?.questions == 1, "another header")
        try promise(reader.name() == name, "another name than \(name)")
        try promise(reader.integer16() == kind.rawValue, "another kind")
    }
}
