// Registering, signing in, and what a member keeps about themselves.
import { LANGUAGES, field, form, locale, make, moment, notice, open, picture, say, shut } from "./page.js";
import { ask, forget, get, keep, post, signedIn } from "./api.js";
import { ownBookings } from "./booking.js";

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
const address = (more = {}) => field("email", say("email"), { required: true, type: "email", autocomplete: "email", inputmode: "email", ...more });
const secret = (name, label, autocomplete, help = "") => field(name, label, { required: true, type: "password", autocomplete }, help);

export function openAccount() {
  if (signedIn()) openMember();
  else openSignIn();
}

function tabs(current) {
  const tab = (name, go) => make("button", { type: "button", "aria-pressed": String(name === current), onclick: go }, say(name));
  return make("div", { class: "tabs" }, tab("sign_in", () => openSignIn()), tab("register", () => openRegister()));
}

export function openSignIn(email = "", said = "") {
  const element = form([address({ value: email }), secret("password", say("password"), "current-password")], say("sign_in"), async (values) => {
    keep(await post("/auth/login", { email: values.email, password: values.password }, { anonymous: true }));
    openMember();
  });
  const forgot = make("button", { type: "button", class: "quiet", onclick: () => openForgot(element.elements.email.value) }, say("forgot"));
  element.querySelector(".send").append(forgot);
  open(say("sign_in"), tabs("sign_in"), said ? make("p", {}, said) : null, element);
}

function openRegister() {
  const fields = [
    field("name", say("name"), { required: true, autocomplete: "name", maxlength: "200" }),
    address(),
    secret("password", say("password"), "new-password", say("password_help")),
  ];
  open(say("register"), tabs("register"), form(fields, say("register"), async (values) => {
    const answer = await post("/auth/register", { ...values, locale: locale(), time_zone: zone() }, { anonymous: true });
    openSignIn(values.email, `${answer.message} ${say("check_mail")}`);
  }));
}

export function openForgot(email, said = "") {
  open(say("forgot"), said ? make("p", { class: "summary", role: "alert" }, said) : null, form([address({ value: email })], say("forgot_send"), async (values) => {
    await post("/auth/forgot-password", values, { anonymous: true });
    openSignIn(values.email, say("mail_sent"));
  }));
}

export function openReset(token) {
  open(say("new_password"), form([secret("password", say("new_password"), "new-password", say("password_help"))], say("set_password"), async (values) => {
    try {
      await post("/auth/reset-password", { token, password: values.password }, { anonymous: true });
    } catch (problem) {
      if (problem.status !== 410) throw problem;
      openForgot("", problem.detail);
      return;
    }
    forget();
    openSignIn("", say("password_set"));
  }));
}

export async function verify(token) {
  try {
    await post("/auth/verify-email", { token }, { anonymous: true });
    notice(say("verified"));
  } catch (problem) {
    notice(problem.detail ?? say("no_network"));
  }
}

async function openMember() {
  open(say("account"), make("p", { class: "soft" }, "…"));
  try {
    const [{ data: me }, { data: devices }, bookings] = await Promise.all([get("/auth/me"), get("/auth/devices"), ownBookings()]);
    open(me.name, toVerify(me), photoOf(me), profileOf(me), make("h3", {}, say("my_bookings")), bookings, make("h3", {}, say("devices")), devicesOf(devices), leaving());
  } catch (problem) {
    if (problem.status === 401) openSignIn();
    else open(say("account"), make("p", { class: "none" }, problem.detail ?? say("no_network")));
  }
}

function toVerify(me) {
  if (me.is_verified) return null;
  const again = make("button", { type: "button", class: "quiet", onclick: async () => {
    await post("/auth/resend-verification", { email: me.pending_email ?? me.email }).then((answer) => notice(answer.message), (problem) => notice(problem.detail));
  } }, say("send_again"));
  return make("p", { class: "summary" }, say("verify_mail"), " ", again);
}

function photoOf(me) {
  const file = make("input", { type: "file", accept: "image/jpeg,image/png,image/webp,image/avif,image/gif", id: "photo-file", class: "unseen", onchange: async () => {
    if (!file.files.length) return;
    const parts = new FormData();
    parts.append("photo", file.files[0]);
    try {
      await ask("PUT", "/auth/me/photo", { form: parts });
      openMember();
    } catch (problem) {
      notice(Object.values(problem.errors ?? {}).flat().join(" ") || problem.detail || say("no_network"));
    }
  } });
  const shown = me.photo ? picture(me.photo, "72px", { alt: say("photo") }) : make("div", { class: "no-picture", "aria-hidden": "true" });
  return make("div", { class: "photo" }, shown, make("label", { class: "quiet", for: "photo-file" }, say("choose_photo")), file);
}

function profileOf(me) {
  const fields = [
    make("div", { class: "two" }, field("name", say("name"), { required: true, value: me.name, maxlength: "200", autocomplete: "name" }), field("phone", say("phone"), { type: "tel", value: me.phone ?? "", autocomplete: "tel" })),
    make("div", { class: "two" },
      field("locale", say("language"), { required: true, value: me.locale, options: Object.entries(LANGUAGES) }),
      field("time_zone", say("time_zone"), { required: true, value: me.time_zone || zone(), options: Intl.supportedValuesOf("timeZone").concat("UTC").map((name) => [name, name]) })),
  ];
  return form(fields, say("save"), async (values) => {
    await ask("PUT", "/auth/me", { body: { ...values, phone: values.phone || null } });
    notice(say("saved"));
  });
}

function devicesOf(devices) {
  return make("ul", { class: "rows" }, ...devices.map((device) => make("li", {},
    make("span", {}, device.name, make("br"), make("span", { class: "soft" }, `${moment(device.seen_at)}${device.is_current ? ` · ${say("this_device")}` : ""}`)),
    device.is_current ? null : make("button", { type: "button", class: "quiet", onclick: () => ask("DELETE", `/auth/devices/${device.id}`).then(openMember) }, say("sign_out")))));
}

function leaving() {
  const leave = (path) => async () => {
    await ask("POST", path, { body: path.endsWith("logout") ? {} : undefined }).catch(() => {});
    forget();
    shut();
  };
  return make("p", { class: "send" },
    make("button", { type: "button", class: "quiet", onclick: leave("/auth/logout") }, say("sign_out")),
    make("button", { type: "button", class: "quiet danger", onclick: leave("/auth/sign-out-everywhere") }, say("sign_out_everywhere")));
}
