import Foundation

/// Prepares a password for SCRAM (RFC 4013), so that the same characters give the same bytes wherever they
/// were typed.
///
/// As with libpq, a password that the profile forbids is used as it is. The rule about mixed directions is
/// left out: it could only matter to a password that mixes letters of both directions and is changed by
/// normalisation as well.
enum SASLprep {
    static func prepared(_ password: String) -> [UInt8] {
        guard password.utf8.contains(where: { $0 >= 0x80 }) else { return Array(password.utf8) }
        var mapped = String.UnicodeScalarView()
        for scalar in password.unicodeScalars where !isMappedToNothing(scalar) {
            mapped.append(isSpace(scalar) ? " " : scalar)
        }
        let normal = String(mapped).precomposedStringWithCompatibilityMapping
        let isAllowed = !normal.isEmpty && !normal.unicodeScalars.contains(where: isProhibited)
        return Array((isAllowed ? normal : password).utf8)
    }

    /// RFC 3454, table B.1.
    private static func isMappedToNothing(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x34F, 0x1806, 0x180B...0x180D, 0x200B...0x200D, 0x2060, 0xFE00...0xFE0F, 0xFEFF: true
        default: false
        }
    }

    /// RFC 3454, table C.1.2, whose zero-width space falls under B.1.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// RFC 3454, tables C.2 to C.9, and A.1: whatever Unicode 3.2 did not know.
    private static func isProhibited(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: return true
        default: break
        }
        guard !properties.isNoncharacterCodePoint, let age = properties.age, age <= (3, 2) else {
            return true
        }
        switch scalar.value {
        case 0x340, 0x341, 0x6DD, 0x70F, 0x180E, 0x200E, 0x200F, 0x202A...0x202E, 0x2061...0x2063,
            0x206A...0x206F, 0x2FF0...0x2FFB, 0xFFF9...0xFFFD, 0x1D173...0x1D17A, 0xE0001, 0xE0020...0xE007F:
            return true
        default: return false
        }
    }
}
