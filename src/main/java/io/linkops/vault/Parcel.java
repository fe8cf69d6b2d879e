package io.linkops.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * A secret on its way over the bus, for one recipient only: X25519, HKDF-SHA256, AES-256-GCM. Bound to what it is
 * about, so that it cannot be taken for another one.
 *
 * @param sender the sender's public key, used for this parcel alone
 * @param box the sealed value
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
public record Parcel(byte[] sender, byte[] box) {
    public Parcel {
        sender = sender.clone();
        box = box.clone();
    }

    @Override
    public byte[] sender() {
        return sender.clone();
    }

    @Override
    public byte[] box() {
        return box.clone();
    }

    /** The key of one who is to receive parcels; it never leaves the process. */
    public static final class Recipient {
        private final KeyPair pair = pair();

        /** What senders need. */
        public byte[] address() {
            return pair.getPublic().getEncoded();
        }

        /** @throws SealException unless it was made for this recipient and is about this */
        public Secret open(String about, Parcel parcel) {
            byte[] key = key(pair.getPrivate(), publicKey(parcel.sender), parcel.sender, address());
            return new Secret(new String(
                    Gcm.open(key, about(about), parcel.box)
                            .orElseThrow(() -> new SealException("A secret was not sealed for its reader; try again")),
                    StandardCharsets.UTF_8));
        }
    }

    /** @param address of the recipient */
    public static Parcel seal(byte[] address, String about, Secret value) {
        var sender = pair();
        byte[] from = sender.getPublic().getEncoded();
        byte[] key = key(sender.getPrivate(), publicKey(address), from, address);
        return new Parcel(from, Gcm.seal(key, about(about), value.reveal().getBytes(StandardCharsets.UTF_8)));
    }

    private static String about(String about) {
        return "linkops:parcel:" + about;
    }

    private static byte[] key(PrivateKey own, PublicKey other, byte[] sender, byte[] recipient) {
        try {
            var agreement = KeyAgreement.getInstance("X25519");
            agreement.init(own);
            agreement.doPhase(other, true);
            var wanted = HKDFParameterSpec.ofExtract()
                    .addIKM(agreement.generateSecret())
                    .addSalt(sender)
                    .addSalt(recipient)
                    .thenExpand("linkops parcel".getBytes(StandardCharsets.US_ASCII), Gcm.KEY_BYTES);
            return KDF.getInstance("HKDF-SHA256").deriveData(wanted);
        } catch (GeneralSecurityException e) {
            throw new SealException("A key for sealing is not acceptable");
        }
    }

    private static PublicKey publicKey(byte[] encoded) {
        try {
            return KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new SealException("A key for sealing is not acceptable");
        }
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("X25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK has no X25519", e);
        }
    }
}
