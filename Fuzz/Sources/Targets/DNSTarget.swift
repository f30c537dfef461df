import NIOCore

@testable import VitalsNet

extension FuzzTarget {
    /// A byte for the kind of address asked for, then the reply of the name server; the same bytes are read
    /// as the machine's own files about names.
    static let dns = FuzzTarget(name: "dns", feed: DNSTarget.feed)
}

private enum DNSTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let first = bytes.first else { return }
        let kind: DNSQuestion.Kind = first & 1 == 0 ? .ipv4 : .ipv6
        try reply(bytes.dropFirst(), kind)
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        _ = HostsFile(text)
        let file = ResolvFile(text)
        try promise((1...3).contains(file.servers.count), "\(file.servers.count) servers")
        try promise(file.timeout > .zero && file.attempts > 0, "no time or no attempt")
        try question(HostName.normal(text), kind)
    }

    private static func reply(_ bytes: ArraySlice<UInt8>, _ kind: DNSQuestion.Kind) throws(BrokenPromise) {
        let question = DNSQuestion(name: "a.example", kind: kind)
        let answer = DNSAnswer(ByteBuffer(bytes: bytes), to: question, id: 7)
        switch answer {
        case .addresses(let addresses, let ttl):
            let family: NIOBSDSocket.ProtocolFamily = kind == .ipv4 ? .inet : .inet6
            try promise(addresses.allSatisfy { $0.protocol == family }, "an address of the other kind")
            try promise((1...100).contains(addresses.count), "\(addresses.count) addresses")
            try promise(ttl <= Int32.max, "a time to live of \(ttl)")
        case .failure(let code):
            try promise(code < 16 && code != 3, "the code \(code)")
        case .noAddress, .noSuchName, nil:
            break
        }
    }

    /// What is asked reads back as it was meant.
    private static func question(_ name: String, _ kind: DNSQuestion.Kind) throws(BrokenPromise) {
        guard HostName.isValid(name) else { return }
        let message = DNSQuestion(name: name, kind: kind).encoded(id: 7)
        var reader = DNSReader(Array(message.readableBytesView))
        let header = reader.header()
        try promise(header?.id == 7 && header?.questions == 1, "another header")
        try promise(reader.name() == name, "another name than \(name)")
        try promise(reader.integer16() == kind.rawValue, "another kind")
    }
}
