import NIOCore
import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// Messages to a run that has sent two echo requests: each of them a byte for its length, then that many
    /// bytes.
    static let icmp = FuzzTarget(name: "icmp", feed: ICMPTarget.feed)
}

private enum ICMPTarget {
    private static let payload = [UInt8](repeating: 7, count: 16)

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard var settings = try? EchoProbeSettings(parsing: "127.0.0.1") else { return }
        settings.count = 2
        var dialogue = EchoDialogue(
            settings, interval: .milliseconds(200), payload: payload, now: { .uptimeNanoseconds(1) })
        _ = dialogue.opened()
        _ = dialogue.woken()
        var answered: Set<[UInt8]> = []
        var rest = bytes[...]
        while let length = rest.popFirst() {
            let message = rest.prefix(Int(length))
            rest = rest.dropFirst(message.count)
            var input = ByteBuffer(bytes: message)
            let steps = dialogue.received(&input)
            try promise(input.readableBytes == 0, "a part of a message is left for the next one")
            if message.count == 24, message.suffix(16).elementsEqual(payload), message.dropFirst().first == 0
            {
                answered.insert(Array(message.dropFirst(6).prefix(2)))
            }
            guard steps.contains(.pass()) else { continue }
            try promise(answered.isSuperset(of: [[0, 0], [0, 1]]), "a pass without both replies")
            return
        }
    }
}
