import Testing
import VitalsCore

@Suite("For whom a proxy asks")
struct ClientTests {
    struct Case: CustomTestStringConvertible {
        let sentence: String
        var peer = "10.0.0.1"
        var fields = ForwardingFields()
        let client: String
        var scheme: String?
        var host: String?

        var testDescription: String { sentence }
    }

    private static let proxies = TrustedProxies(["10.0.0.0/8", "::1"].compactMap { IPNetwork($0) })

    static let cases: [Case] = [
        Case(sentence: "a proxy that says nothing is the client", client: "10.0.0.1"),
        Case(
            sentence: "a stranger is not believed", peer: "192.0.2.9",
            fields: ForwardingFields(
                forwarded: ["for=203.0.113.1;proto=https;host=a.example"], addresses: ["203.0.113.1"],
                schemes: ["https"], hosts: ["a.example"]), client: "192.0.2.9"),
        Case(
            sentence: "the nearest that is no proxy is the client",
            fields: ForwardingFields(addresses: ["203.0.113.1"]), client: "203.0.113.1"),
        Case(
            sentence: "what the client itself wrote before it does not count",
            fields: ForwardingFields(addresses: ["198.51.100.7, 203.0.113.1"]), client: "203.0.113.1"),
        Case(
            sentence: "proxies behind one another are passed",
            fields: ForwardingFields(
                addresses: ["198.51.100.7, 203.0.113.1, 10.0.0.2", "10.0.0.3"]), client: "203.0.113.1"),
        Case(
            sentence: "where all are proxies the outermost is the client",
            fields: ForwardingFields(addresses: ["10.1.1.1, 10.0.0.2"]), client: "10.1.1.1"),
        Case(
            sentence: "beyond what is no address nobody is believed",
            fields: ForwardingFields(addresses: ["203.0.113.1, garbage, 10.0.0.2"]), client: "10.0.0.2"),
        Case(
            sentence: "an empty field says nothing", fields: ForwardingFields(addresses: [""]),
            client: "10.0.0.1"),
        Case(
            sentence: "a port is left out", fields: ForwardingFields(addresses: ["203.0.113.1:4711"]),
            client: "203.0.113.1"),
        Case(
            sentence: "IPv6 is read bare", fields: ForwardingFields(addresses: ["2001:db8::7"]),
            client: "2001:db8::7"),
        Case(
            sentence: "IPv6 is read in brackets with a port",
            fields: ForwardingFields(addresses: ["[2001:db8::7]:443"]), client: "2001:db8::7"),
        Case(
            sentence: "a proxy on IPv6 is believed", peer: "::1",
            fields: ForwardingFields(addresses: ["203.0.113.1"]), client: "203.0.113.1"),
        Case(
            sentence: "a proxy seen through a listener of both families is believed",
            peer: "::ffff:10.0.0.1", fields: ForwardingFields(addresses: ["203.0.113.1"]),
            client: "203.0.113.1"),
        Case(
            sentence: "scheme and host are taken with the address",
            fields: ForwardingFields(
                addresses: ["203.0.113.1"], schemes: ["HTTPS"], hosts: ["Status.Example.com:8443"]),
            client: "203.0.113.1", scheme: "https", host: "status.example.com:8443"),
        Case(
            sentence: "one scheme belongs to all hops",
            fields: ForwardingFields(addresses: ["203.0.113.1, 10.0.0.2"], schemes: ["https"]),
            client: "203.0.113.1", scheme: "https"),
        Case(
            sentence: "a scheme of each hop is that of the outermost proxy",
            fields: ForwardingFields(addresses: ["203.0.113.1, 10.0.0.2"], schemes: ["https, http"]),
            client: "203.0.113.1", scheme: "https"),
        Case(
            sentence: "a scheme without an address is the proxy's word",
            fields: ForwardingFields(schemes: ["https"], hosts: ["a.example"]), client: "10.0.0.1",
            scheme: "https", host: "a.example"),
        Case(
            sentence: "what is no scheme and no host is nothing",
            fields: ForwardingFields(
                addresses: ["203.0.113.1"], schemes: ["javascript"], hosts: ["a.example/\u{1}"]),
            client: "203.0.113.1"),
        Case(
            sentence: "the standard field is read",
            fields: ForwardingFields(forwarded: ["for=203.0.113.1;proto=https;host=a.example"]),
            client: "203.0.113.1", scheme: "https", host: "a.example"),
        Case(
            sentence: "names and blanks of the standard field are free",
            fields: ForwardingFields(forwarded: ["FOR = 203.0.113.1 ; Proto = HTTPS"]),
            client: "203.0.113.1", scheme: "https"),
        Case(
            sentence: "quotation marks are undone",
            fields: ForwardingFields(forwarded: [#"for="[2001:db8::7]:4711";host="a.exam\ple""#]),
            client: "2001:db8::7", host: "a.example"),
        Case(
            sentence: "a comma between quotation marks parts nothing",
            fields: ForwardingFields(forwarded: [#"for=203.0.113.1;by="a, for=198.51.100.7""#]),
            client: "203.0.113.1"),
        Case(
            sentence: "several standard fields are one list",
            fields: ForwardingFields(forwarded: ["for=198.51.100.7", "for=203.0.113.1, for=10.0.0.2"]),
            client: "203.0.113.1"),
        Case(
            sentence: "who does not want to be known is the proxy that says so",
            fields: ForwardingFields(forwarded: ["for=203.0.113.1, for=unknown, for=10.0.0.2"]),
            client: "10.0.0.2"),
        Case(
            sentence: "a hidden name is no address", fields: ForwardingFields(forwarded: ["for=_secret"]),
            client: "10.0.0.1"),
        Case(
            sentence: "what is given twice is not known",
            fields: ForwardingFields(forwarded: ["for=203.0.113.1;for=198.51.100.7"]), client: "10.0.0.1"),
        Case(
            sentence: "quotation marks without end hold all",
            fields: ForwardingFields(forwarded: [#"for="203.0.113.1, for=198.51.100.7"#]),
            client: "10.0.0.1"),
        Case(
            sentence: "fields that agree are believed",
            fields: ForwardingFields(
                forwarded: ["for=203.0.113.1;proto=https"], addresses: ["203.0.113.1"], schemes: ["https"]),
            client: "203.0.113.1", scheme: "https"),
        Case(
            sentence: "fields that differ are not: one of them is a stranger's",
            fields: ForwardingFields(
                forwarded: ["for=198.51.100.7;host=evil.example"], addresses: ["203.0.113.1"]),
            client: "10.0.0.1"),
        Case(
            sentence: "of schemes that differ none is believed",
            fields: ForwardingFields(
                forwarded: ["for=203.0.113.1;proto=http"], addresses: ["203.0.113.1"], schemes: ["https"]),
            client: "203.0.113.1"),
        Case(
            sentence: "a thousand hops are not all looked at",
            fields: ForwardingFields(
                addresses: ["203.0.113.1"] + [String](repeating: "10.0.0.2", count: 1_000)),
            client: "10.0.0.2"),
    ]

    @Test("says", arguments: cases)
    func says(_ example: Case) {
        let client = Self.proxies.client(from: IPAddress(example.peer), example.fields)
        #expect(client.address?.description == example.client)
        #expect(client.scheme == example.scheme)
        #expect(client.host == example.host)
    }

    @Test("without proxies nobody is believed")
    func none() {
        let fields = ForwardingFields(addresses: ["203.0.113.1"])
        #expect(
            TrustedProxies([]).client(from: IPAddress("10.0.0.1"), fields)
                == Client(address: IPAddress("10.0.0.1")))
        #expect(Self.proxies.client(from: nil, fields) == Client())
    }

    @Test("a network of IPv6 is one client, an address of IPv4 is one")
    func counted() {
        #expect(Client(address: IPAddress("2001:db8:1:2:3::4")).counted == IPAddress("2001:db8:1:2::"))
        #expect(Client(address: IPAddress("192.0.2.1")).counted == IPAddress("192.0.2.1"))
        #expect(Client().counted == nil)
    }
}
