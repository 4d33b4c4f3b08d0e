"""SM2 signatures with SM3 (GB/T 32918.2, GB/T 35276), by the system's libcrypto (OpenSSL 3).

No Python library at hand signs SM2 at a useful speed; OpenSSL does. Keys are PKCS#8 and
SubjectPublicKeyInfo in DER, signatures DER SEQUENCEs of r and s.
"""

import ctypes
import ctypes.util
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from .keys import KeyDamaged, KeyStoreUnavailable

SIGNER = b"1234567812345678"
"""The signer's identifier where none is agreed (GB/T 35276 §10)."""
_MOST_SIGNATURE = 80
_POINTERS = (
    "EVP_MD_CTX_new", "EVP_PKEY_CTX_new", "EVP_sm3", "d2i_AutoPrivateKey",
    "d2i_PUBKEY", "EVP_PKEY2PKCS8", "EVP_PKEY_CTX_new_from_name",
)  # fmt: skip


@lru_cache(maxsize=1)
def _crypto() -> Any:
    """The library; raises `KeyStoreUnavailable` where this machine has no OpenSSL 3 with SM2."""
    try:
        library = ctypes.CDLL("libcrypto.so.3")
    except OSError as problem:
        raise KeyStoreUnavailable("SM2 needs OpenSSL 3 (libcrypto.so.3).") from problem
    for name in _POINTERS:
        getattr(library, name).restype = ctypes.c_void_p
    return library


def make() -> bytes:
    """A new private key as PKCS#8. Raises `KeyStoreUnavailable`."""
    crypto = _crypto()
    context = crypto.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
    if not context:
        raise KeyStoreUnavailable("This libcrypto knows no SM2.")
    held = ctypes.c_void_p(context)
    key = ctypes.c_void_p()
    try:
        _done(crypto.EVP_PKEY_keygen_init(held))
        _done(crypto.EVP_PKEY_generate(held, ctypes.byref(key)))
        return _out(key, private=True)
    finally:
        crypto.EVP_PKEY_CTX_free(held)
        crypto.EVP_PKEY_free(key)


def public_of(private: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a private key. Raises `KeyDamaged`."""
    with _private(private) as key:
        return _out(key, private=False)


def sign(private: bytes, data: bytes) -> bytes:
    """Raises `KeyDamaged`, `KeyStoreUnavailable`."""
    crypto = _crypto()
    with _private(private) as key, _digesting(key) as (digest, context):
        length = ctypes.c_size_t(_MOST_SIGNATURE)
        room = ctypes.create_string_buffer(_MOST_SIGNATURE)
        _done(crypto.EVP_DigestSignInit(digest, None, _sm3(), None, key))
        _done(crypto.EVP_DigestSign(digest, room, ctypes.byref(length), data, _size(data)))
        del context
        return room.raw[: length.value]


def verify(public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the signature is by that key over that data; False also for an unfit key."""
    crypto = _crypto()
    start, size = ctypes.c_char_p(public), ctypes.c_long(len(public))
    found = crypto.d2i_PUBKEY(None, ctypes.byref(start), size)
    if not found:
        crypto.ERR_clear_error()
        return False
    key = ctypes.c_void_p(found)
    try:
        with _digesting(key) as (digest, context):
            del context
            if crypto.EVP_DigestVerifyInit(digest, None, _sm3(), None, key) != 1:
                return False
            said = crypto.EVP_DigestVerify(digest, signature, _size(signature), data, _size(data))
            return bool(said == 1)
    finally:
        crypto.ERR_clear_error()
        crypto.EVP_PKEY_free(key)


@contextmanager
def _private(private: bytes) -> Iterator[ctypes.c_void_p]:
    crypto = _crypto()
    start = ctypes.c_char_p(private)
    found = crypto.d2i_AutoPrivateKey(None, ctypes.byref(start), ctypes.c_long(len(private)))
    if not found:
        crypto.ERR_clear_error()
        raise KeyDamaged("This is no SM2 key.")
    key = ctypes.c_void_p(found)
    try:
        yield key
    finally:
        crypto.EVP_PKEY_free(key)


@contextmanager
def _digesting(key: ctypes.c_void_p) -> Iterator[tuple[ctypes.c_void_p, ctypes.c_void_p]]:
    """A digest that begins with the signer's identifier (GB/T 32918.2 §5.5)."""
    crypto = _crypto()
    digest = ctypes.c_void_p(crypto.EVP_MD_CTX_new())
    context = ctypes.c_void_p(crypto.EVP_PKEY_CTX_new(key, None))
    try:
        _done(crypto.EVP_PKEY_CTX_set1_id(context, SIGNER, len(SIGNER)))
        crypto.EVP_MD_CTX_set_pkey_ctx(digest, context)
        yield digest, context
    finally:
        crypto.EVP_MD_CTX_free(digest)
        crypto.EVP_PKEY_CTX_free(context)


def _out(key: ctypes.c_void_p, private: bool) -> bytes:
    """A key's DER."""
    crypto, place = _crypto(), ctypes.c_void_p()
    if private:
        wrapped = ctypes.c_void_p(crypto.EVP_PKEY2PKCS8(key))
        length = crypto.i2d_PKCS8_PRIV_KEY_INFO(wrapped, ctypes.byref(place))
        crypto.PKCS8_PRIV_KEY_INFO_free(wrapped)
    else:
        length = crypto.i2d_PUBKEY(key, ctypes.byref(place))
    if length <= 0:
        raise KeyStoreUnavailable("libcrypto cannot write an SM2 key.")
    data = ctypes.string_at(place, length)
    crypto.CRYPTO_free(place, None, 0)
    return data


def _sm3() -> ctypes.c_void_p:
    return ctypes.c_void_p(_crypto().EVP_sm3())


def _size(data: bytes) -> ctypes.c_size_t:
    return ctypes.c_size_t(len(data))


def _done(said: int) -> None:
    if said != 1:
        _crypto().ERR_clear_error()
        raise KeyStoreUnavailable("libcrypto could not do this with SM2.")
