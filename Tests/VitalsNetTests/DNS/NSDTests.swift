import NIOCore
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// Names resolved by a real name server.
@Suite struct NSDTests {
    private func network(_ server: NSD, _ resolv: String = "") throws -> TestNetwork {
        let directory = try TemporaryDirectory("vitals-resolv")
        return try TestNetwork(resolver: try server.settings(resolv, in: directory), directory: directory)
    }

    private func addresses(_ texts: String...) throws -> Resolution {
        .addresses(ResolvedAddresses(try texts.map { try SocketAddress(ipAddress: $0, port: 0) }))
    }

    private func texts(_ resolution: Resolution) -> [String] {
        guard case .addresses(let addresses) = resolution else { return ["\(resolution)"] }
        return addresses.texts.sorted()
    }

    @Test func aNameIsFoundDirectlyByAnAliasAndInTheSearchDomain() async throws {
        let server = try await NSD()
        let network = try network(server, "search nowhere.example vitals.example")
        for name in ["db1.vitals.example", "db1.vitals.example.", "www.vitals.example", "db1", "www"] {
            let resolution = await network.resolve(name)
            #expect(texts(resolution) == ["192.0.2.1", "192.0.2.2", "2001:db8::1"], "\(name)")
        }
    }

    @Test("a name with a dot at its end is looked for nowhere else")
    func wholeName() async throws {
        let server = try await NSD()
        let network = try network(server, "search vitals.example")
        // The server has no such zone and refuses.
        guard case .failure(.dnsFailure, let message) = await network.resolve("db1.") else {
            Issue.record("found db1.")
            return
        }
        #expect(message.contains("could not resolve db1 (REFUSED)"))
    }

    @Test("what is too long for a datagram is asked for by TCP")
    func longAnswer() async throws {
        let server = try await NSD()
        let network = try network(server)
        let many = await network.resolve("many.vitals.example")
        #expect(texts(many).count == ResolvedAddresses.maximumCount)
    }

    @Test("of one kind of address only that one is asked for", arguments: IPFamily.allCases)
    func families(_ family: IPFamily) async throws {
        let server = try await NSD()
        let network = try network(server)
        let expected =
            switch family {
            case .any: ["192.0.2.1", "192.0.2.2", "2001:db8::1"]
            case .ip4: ["192.0.2.1", "192.0.2.2"]
            case .ip6: ["2001:db8::1"]
            }
        #expect(texts(await network.resolve("db1.vitals.example", family)) == expected)
    }

    @Test func aNameWithoutAnAddressOfTheKindSaysSo() async throws {
        let server = try await NSD()
        let network = try network(server)
        let resolution = await network.resolve("mail.vitals.example", .ip6)
        #expect(
            resolution
                == .failure(.dnsNXDomain, message: "the name mail.vitals.example has no IPv6 address"))
    }

    @Test func aNameThatIsNowhereIsNXDomainWithTheNamesThatWereLookedFor() async throws {
        let server = try await NSD()
        let network = try network(server, "search a.vitals.example vitals.example\noptions ndots:3")
        let resolution = await network.resolve("nothing.vitals.example")
        #expect(
            resolution
                == .failure(
                    .dnsNXDomain,
                    message: """
                        there is no such name as nothing.vitals.example, nor as \
                        nothing.vitals.example.a.vitals.example, nothing.vitals.example.vitals.example
                        """))
    }
}
