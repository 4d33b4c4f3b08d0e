"""Addresses of signing in, of the authorities, and of the log's checkpoints."""

from django.urls import path

from lingnan.kernel.trust import pages
from lingnan.kernel.trust.certification import http as certification
from lingnan.kernel.trust.checkpoints import http as checkpoints
from lingnan.kernel.trust.openid import http as openid
from lingnan.kernel.trust.openid import pages as openid_pages
from lingnan.kernel.trust.signin import (
    pages_adding,
    pages_again,
    pages_certificate,
    pages_counter,
    pages_enrolling,
    pages_in,
    pages_own,
)
from lingnan.kernel.trust.witnesses import http as witnesses

urlpatterns = [
    path("signin/", pages.sign_in, name="signin"),
    path("signin/code/", pages_in.code, name="signin-code"),
    path("signin/passkey/", pages_in.passkey, name="signin-passkey"),
    path("signin/passkey/options/", pages_in.passkey_options, name="signin-passkey-options"),
    path("signin/certificate/", pages_certificate.certificate, name="signin-certificate"),
    path("signin/certificate/signin.txt", pages_certificate.certificate_text, name="signin-text"),
    path("signin/recover/", pages_in.recover, name="signin-recover"),
    path("signin/step-up/", pages_again.step_up, name="step-up"),
    path("signin/ticket/", pages_counter.ticket, name="counter-code"),
    path("signin/ticket/password/", pages_counter.ticket_password, name="counter-password"),
    path("account/", pages_own.account, name="account"),
    path("account/remove/", pages_own.remove, name="credential-remove"),
    path("account/sessions/end/", pages_own.end_session, name="session-end"),
    path("account/sessions/end-others/", pages_own.end_others, name="sessions-end"),
    path("account/recovery/stop/", pages_own.stop_recovery, name="recovery-stop"),
    path("account/passkey/", pages_adding.passkey, name="passkey-add"),
    path("account/passkey/options/", pages_adding.passkey_options, name="passkey-add-options"),
    path("account/authenticator/", pages_adding.authenticator, name="authenticator"),
    path("account/recovery-codes/", pages_adding.recovery_codes, name="recovery-codes"),
    path("account/password/", pages_adding.password, name="password"),
    path("desk/counter/", pages_counter.residents, name="counter-signin"),
    path("desk/counter/open/", pages_enrolling.enrol, name="counter-enrol"),
    path("desk/colleagues/", pages_counter.colleagues, name="colleagues-signin"),
    path("posts/", pages.posts, name="posts"),
    path("signout/", pages.sign_out, name="signout"),
    path(".well-known/openid-configuration", openid.discovery, name="openid-discovery"),
    path("openid/keys", openid.keys, name="openid-keys"),
    path("openid/authorize", openid_pages.authorize, name="openid-authorize"),
    path("openid/token", openid.token, name="openid-token"),
    path("openid/userinfo", openid.userinfo, name="openid-userinfo"),
    path("openid/revoke", openid.revoke, name="openid-revoke"),
    path("openid/introspect", openid.introspect, name="openid-introspect"),
    path("openid/logout", openid_pages.leave, name="openid-logout"),
    path("openid/systems/", openid_pages.systems, name="openid-systems"),
    path("trust/authorities/<slug:label>.cer", certification.certificate, name="authority"),
    path("trust/authorities/links/<slug:name>.cer", certification.link, name="authority-link"),
    path("trust/authorities/<slug:label>.crl", certification.revocations, name="revocations"),
    path("trust/ocsp/<slug:label>", certification.status, name="ocsp"),
    path("trust/ocsp/<slug:label>/<path:asked>", certification.status_by_address, name="ocsp-get"),
    path("trust/log/checkpoint", checkpoints.newest, name="checkpoint"),
    path("trust/log/checkpoints/<int:size>", checkpoints.of_size, name="checkpoint-of"),
    path("trust/log/checkpoints/<int:size>.tst", checkpoints.stamp, name="checkpoint-stamp"),
    path("trust/log/consistency/<int:old>/<int:size>", checkpoints.consistency, name="consistency"),
    path("trust/log/checkpoints/<int:size>/cosigned", witnesses.cosigned, name="cosigned"),
    path("trust/log/certificates.pem", witnesses.of_log, name="log-certificates"),
    path("trust/witness/add-checkpoint", witnesses.add, name="witness-add"),
    path("trust/witness/certificates.pem", witnesses.of_witness, name="witness-certificates"),
    path("trust/time-stamp", certification.time_stamp, name="time-stamp"),
]
