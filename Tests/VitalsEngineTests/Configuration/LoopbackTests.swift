import Testing

@testable import VitalsEngine

@Suite("What is this machine by its name alone")
struct LoopbackTests {
    @Test(
        "localhost and addresses as they are normally written",
        arguments: ["localhost", "127.0.0.1", "127.255.255.254", "127.0.0.0", "::1", "0:0:0:0:0:0:0:1"])
    func inside(host: String) {
        #expect(Loopback.contains(host))
    }

    @Test(
        "nothing that may be a name which somebody owns",
        arguments: [
            "", "localhost.example.com", "127.0.0.+1", "127.0.0.-0", "127.0.0.01", "0127.0.0.1", "+127.0.0.1",
            "127.1", "127.0.0.256", "127.0.0.1.", "127.0.0.1.example.com", "127.0.0.x", "127..0.1", "::2",
            "128.0.0.1", "127.0.0.\u{661}",
        ])
    func outside(host: String) {
        #expect(!Loopback.contains(host))
    }
}
