@testable import CryptographicMessageSyntax

/// What OpenSSL 3.0 signed with keys made for this test, for what nothing of ours can sign.
///
/// Made with `openssl dgst -sign`, `openssl pkeyutl -sign` (DigestInfo given whole) and `openssl pkeyutl -decrypt` with
/// no padding (block given whole), over the message ``message``.
enum OpenSSLSignatures {
    static let message = Array("signed by openssl".utf8)

    static let key1024 =
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC+8IV601Yr3OFkmrQDD7EmeuIeTgPXxqJ9itJMjqIIeM2dqyUmrB9c"
        + "s19RsnQu2h63cvuSq0AUiG+ogaRKjrLCuDyDkgK/MNqPwvTNRmlgfG0zVDJkuJfmHjAovd1f820MVrv3u0Slr7N9xSis"
        + "UzR5KOTgLxWjSEX+5Bd1a9D72QIDAQAB"
    static let key512 =
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMTE3rpTEBGc+plGY+K02XGoUii3HSQ7YxqEs43XqAGkstxMvvNKgzrDIpVp"
        + "iw37F0sKKptjz5MFFA3yqro3nJsCAwEAAQ=="

    /// By the key of 1024 bits.
    static let by1024: [(DigestAlgorithm, String)] = [
        (
            .md5,
            "Gya4MzYfqe9G0nmjHwM6WbuSF5JqvWHp+WruDhwj34pMxTWGfSo24BuNdzzYjOGHabxG5E8vDDdzFm/LovAqVH8JSHXm"
                + "q9Vw9gJahIj/R98Jw8pyrUjTyM2UP9lZiPkIqfeny2uo7zU5S4mm9848EzyY/Qi8kEkAwIiXX40vnhI="
        ),
        (
            .sha1,
            "vPDomqK/y6Uh4AO6mv3On97h2vjvWw+dqhIA8fdOrvSzChucqaijU/+vbnzOCBZGG7QzbFOgndYWhYhkfMSORbxra1Tt"
                + "APgESPZso6NiEA/G3uQUvDKwkWcseJ6Foi+sB+MkUC6SCm5dHH1Ij6kvKHpGGqe8sVYFclj6wyLdKVM="
        ),
        (
            .sha224,
            "Ol63mHrgQX4ZE/YNV72PopM30PLbaEpS5ZTKaGIdN5Ur9y9VqgQ3DYy230yE3y6ijRisyArTLdIhQVaq73NLFWwd6Md0"
                + "LqRfdVvc/QRcfreWd4cE9JfdVjE5XH31GsmoPpXsZakhtU2NaBpW0TNl806GaIVk+tURWW01n//twZY="
        ),
        (
            .sha256,
            "vhRZSgtST7Npo3qTM2oeohJx+vN2rBeqE3EboLBQWdcGbOiBswXly2C13EnLWHk8joDrxQHIlBhWtOJJq9BseQWcGTjt"
                + "NgkxrPB5gFL1zxPTYT3hjXdHeRKkxqlZgwd0deTk1U47PJjivLvhTXOUSHXAU8OnSPT8W1EWHNBpotw="
        ),
        (
            .sha384,
            "hiE+Mif6BZKYWIvMGovQP3yoEsOCP+7J2f8iE00UY893QW63Wj/vQhEltOkGgf44nsq8o06QDp2OYKGD93dSZw99pMk8"
                + "2yJ/bHbRqasawYBaKTHAtTXU5/9clUYbDq0dPiVSxGeGJB9nmm3JV98/hb27Zo0i+NS1/8ek9Kw0sXI="
        ),
        (
            .sha512,
            "f2KO1Li/kSssJiAOh/YHNSxC1HqyhnLjez5hw1kh4nvwaTeRLIYSCLQFNZ02r8lKMX0vc3y/CU6QJ1lB27oiuJWV7ULU"
                + "tZKU9Mcjlwy2fh41JE0lqGSIPmRPYpkm38XggcjhNafUn9Ujy1RPmQIobTzVZSbMTOtnykU05ZvfdEg="
        ),
    ]

    /// By the key of 512 bits, which swift-crypto refuses.
    static let by512: [(DigestAlgorithm, String)] = [
        (
            .md5,
            "d/++ssYKrhSlQk6Hz5e5gBBUTeNXD+aucN9yh/ZbgkVaN2DleZpV6jCOSPqJ23VzOoZBic9ZMNG9ggqSIVjccA=="
        ),
        (
            .sha1,
            "qvrvjxFd0nfkUHlIML4wmVB/4lcYzAsdea7A+2fcGrd7lAtu1L9jnre/muxCIzybbRQOaLA2f42V9VdkAdaKWQ=="
        ),
        (
            .sha224,
            "WwIpRfkYT4TO+rata6+IvoS8f1r/Z9r8eGonpPbiPqF324M6DcrQjgQFKeKpmTsS9/oeGArUvXZuxPiwz/8TPQ=="
        ),
        (
            .sha256,
            "ahLe5BsryTx7lhZsOZhM4bhCph23XlUwDQU6bCEdmdKBXRMPiD839TMVuERUCXMX47hb9AC28jiPRpewyPuaFg=="
        ),
    ]

    /// By the key of 1024 bits, with a DigestInfo whose algorithm has no NULL.
    static let withoutNull: [(DigestAlgorithm, String)] = [
        (
            .md5,
            "SN55pwl4QO6VWo4jmgvuuHC35h2kVQBHQw6WA3mSIe+n/4S6mYhYTdohi8Ppfj6oJbOX946D1IcedrZ6VC06OQAe1ccD"
                + "ujvAnsDryQpuBgXZV8TgrkjuY/zzQuvS+wb0nL0zKT5e5F5KffBkZD/N8Qi9F2U+vQz9qaoEx20tXe4="
        ),
        (
            .sha1,
            "co54/NOEUy0x8vXLaaaTPM1wWvtSPDIqFo/bqQyhTK5OfpEaiMaBnKQwL+AGhtbK4z7dxVCINoNtuwyoV2TZBEZqCIvS"
                + "U6RtDbSOJR0WxFE82dJo1JiFPwnFkJwO5cCjJ/elc0lFp0Ngu2e6nuJ5+fo7/AMjTQwGiKA6ozqF0rU="
        ),
        (
            .sha256,
            "PPXfh8UxBvVuX8NSm3Lq6SlzEssSLMLe1wxlJeXEMtrzO+vfyp8jv5AwUxrAW3HJJ5mUNj1o4Q21BDeX13i6ogh2kWYn"
                + "uYQZi4SS7K58QmpeGKwICHt13kdFqeZVtXirOyO092dGVOsDZhCAYt0s5JOo05XzMu8tbBjz3JRIHxY="
        ),
    ]

    /// Blocks with eight bytes of padding and zeros behind the DigestInfo: what a lenient parser takes for a signature
    /// that anybody can make under a key with exponent 3 (CVE-2006-4339).
    static let withGarbage: [(DigestAlgorithm, String)] = [
        (
            .md5,
            "bH26KJFb7lnHSLWTlQpy8VuvT8SduWLjd+xB26BHlm4wMO1bQ3CGjaHeCOYXVA/tLiypYAt2p/MLbSiXMy1FqQpdlvO5"
                + "DYRiaRtZUKExokRsg+h0jmQhyzONQ8wIdwa0Sl1HWS38gGePQl5LC6pV+GUY5PLIq8UPmA+KYsbbU6U="
        ),
        (
            .sha1,
            "SVOHnyVm4nPfybEtQ3JlmbzEYLAf6F/iNoVznGabLuSdX0L+HExIBErvcDlPoOIN3ges4X+yRLn8iJSSmVk0tqhB22mU"
                + "qdTGhsG0S9AOL/j+ZAfV4TZ4aOAgP2+0krWdl1lyCHO+LQZyRW1V8bKmcyJhGkLDZMBRSibYlIivBcs="
        ),
        (
            .sha256,
            "X6AuLOX6kdTooYiSEQbxIaZ6EeD1OHn6sFf8i+MgY0TuPObleLyz+B1z7vDyUTfnhF1ugQEFFPnbHsBUV9BZheED+rEm"
                + "pTo7mpEDG9XXN5HiUbdahaEYj2RqK7azbESSMGsCWHCv9ukyv8dOmBRtPZ4Cj08kJ6YyJYRu6B//uFA="
        ),
    ]

    /// Blocks that start with 00 02, padding for encryption, in place of 00 01.
    static let blockType2: [(DigestAlgorithm, String)] = [
        (
            .md5,
            "dc2Stibc5S0Xjft3CiF4EEPEZ9+h6bd7O6GyLWnPcsxKMZF8HLov+CXxtkINiFvyCwLiPV9npFYg3JLrheb5tRrE0haJ"
                + "WfKxb8iILTR5+CWdHZog6PL/EP+32+dpIoUOWYtoZYOLOX1vJHzsKmcYlw1EhXc/v/ga+8TN67ZOtHk="
        ),
        (
            .sha1,
            "Sxvds/W3yQsX35DU9jZOPszibcP39y1KDs17HynXx5UF2aTORF31c/BHSag/kM8/HnrEvMB9NG4kAukzLateERZmqjo/"
                + "kMYIrNkHVBshZ0FPwPq9fqTCBExWYhZ2IhK48W/uTZW4oQ/Y5zqYp+wudAGxD7SixiHIAZl4VBgvv4Y="
        ),
        (
            .sha256,
            "hEwDgazhXvr4wcnB64DJR1VgN4JnuK8VKzO0014583D3SRZtUxNGeZdpvviV4hTUt85U0JTkpDbMvdd3aTr8VZ2QV4tW"
                + "TDqQ+xEb7V7aRZuU4LuLDYKG8iUtDsGhqeos6RUk7eJzlldkjzB0SSk4frf+ZGkBJVYldMSjsp14k9A="
        ),
    ]
}
