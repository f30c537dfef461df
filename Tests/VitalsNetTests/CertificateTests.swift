import NIOSSL
import Testing
import VitalsTesting

@testable import VitalsNet

@Suite struct CertificateTests {
    private func facts(
        for names: [String], subject: String = "/CN=cn.example.com"
    ) async throws -> CertificateFacts {
        let identity = try await TestAuthority().issue(for: names, subject: subject)
        let certificate = try #require(NIOSSLCertificate.fromPEMFile(identity.certificate).first)
        return CertificateFacts(certificate, der: try certificate.toDERBytes())
    }

    @Test func aHostIsMatchedByNamesAndAddressesOfTheirOwnKind() async throws {
        let facts = try await facts(for: [
            "DB1.example.com", "*.pool.example.com", "*.com", "10.0.0.1", "2001:db8::1",
        ])
        for host in [
            "db1.example.com", "DB1.EXAMPLE.com.", "a.pool.example.com", "10.0.0.1", "2001:db8:0::1",
        ] {
            #expect(facts.matches(host), "\(host)")
        }
        for host in [
            "db2.example.com", "pool.example.com", "a.b.pool.example.com", ".pool.example.com", "example.com",
            "cn.example.com", "10.0.0.2", "2001:db8::2", "",
        ] {
            #expect(!facts.matches(host), "\(host)")
        }
    }

    @Test func anAddressIsNeverMatchedByAName() async throws {
        #expect(try await !facts(for: [], subject: "/CN=10.0.0.1").matches("10.0.0.1"))
    }

    @Test func theSubjectIsWrittenTheMostSpecificFirst() async throws {
        let facts = try await facts(for: [], subject: "/O=Größe \\+ Co/CN=a")
        #expect(facts.subject == "CN=a,O=Größe \\+ Co")
        #expect(facts.names == ["a"])
    }

    @Test(arguments: [
        (0, 10), (86_400, 9), (10 * 86_400, 0), (10 * 86_400 + 1, -1), (11 * 86_400, -1),
        (11 * 86_400 + 1, -2),
    ])
    func daysAreWholeAndNegativeWhenItHasEnded(_ elapsed: Int, _ days: Int) async throws {
        let facts = try await facts(for: [])
        #expect(facts.daysLeft(at: facts.notAfter - 10 * 86_400 + elapsed) == days)
    }

    @Test(arguments: [[], [0x30], [0x30, 0x82, 0xFF, 0xFF], [0x30, 0x03, 0x02, 0x01, 0x01]] as [[UInt8]])
    func whatIsNoCertificateHasNoSubject(_ bytes: [UInt8]) {
        #expect(CertificateStructure(der: bytes).subject.text == "")
    }
}
