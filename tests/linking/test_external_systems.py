"""Systems of other companies, by their clients and their hosts; a mere import is none."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = [
    (
        "jobs.py",
        """
        import modal
        app = modal.App("render")
        """,
        {"calls external:modal"},
    ),
    (
        "Stream.java",
        """
        import twitter4j.TwitterStream;
        import twitter4j.TwitterStreamFactory;
        class Stream { TwitterStream stream = new TwitterStreamFactory().getInstance(); }
        """,
        {"calls external:twitter"},
    ),
    (
        "sign_in.py",
        """
        from httpx_oauth.clients.github import GitHubOAuth2
        from httpx_oauth.clients.google import GoogleOAuth2
        github, google = GitHubOAuth2("id", "secret"), GoogleOAuth2("id", "secret")
        """,
        {"calls external:api.github.com", "calls external:google"},
    ),
    (
        "google.strategy.ts",
        """
        import { Strategy } from "passport-google-oauth20";
        passport.use(new Strategy({ clientID: id() }, (token, refresh, profile, done) => done(null, profile)));
        """,
        {"calls external:google"},
    ),
    (
        "cards.go",
        """
        package cards
        import "github.com/stripe/stripe-go/v82/paymentmethod"
        func Card(id string) { paymentmethod.Get(id, nil) }
        """,
        {"calls external:stripe"},
    ),
    (
        "Mails.java",
        """
        import com.mailgun.api.v3.MailgunMessagesApi;
        import com.mailgun.client.MailgunClient;
        class Mails {
            private final MailgunMessagesApi api =
                MailgunClient.config(System.getenv("KEY")).createApi(MailgunMessagesApi.class);
        }
        """,
        {"calls external:mailgun"},
    ),
    (
        "Pictures.java",
        """
        import com.cloudinary.Cloudinary;
        class Pictures {
            private final Cloudinary cloudinary = new Cloudinary(System.getenv("CLOUDINARY_URL"));
        }
        """,
        {"calls external:cloudinary"},
    ),
    (
        "firebase.client.ts",
        """
        import { initializeApp } from "firebase/app";
        export const app = initializeApp({ apiKey: key() });
        """,
        {"calls external:firebase"},
    ),
    (
        "SignIn.java",
        """
        import software.amazon.awssdk.services.cognitoidentityprovider.CognitoIdentityProviderClient;
        import software.amazon.awssdk.services.s3.presigner.S3Presigner;
        class SignIn {
            private final CognitoIdentityProviderClient users =
                CognitoIdentityProviderClient.builder().region(region()).build();
            private final S3Presigner pictures = S3Presigner.builder().build();
        }
        """,
        {"calls external:cognito", "uses storage:s3"},
    ),
    (
        "books.ts",
        """
        export const book = (key: string) => fetch(`https://openlibrary.org${key}.json`);
        """,
        {"calls external:openlibrary.org"},
    ),
    (
        "sms.ts",
        """
        import axios from "axios";
        export const send = (text: string) => axios.post("sms", { text }, { baseURL: base() });
        """,
        set(),
    ),
    (
        "main.py",
        """
        import stripe
        def pay():
            stripe.Charge.create(amount=1)
        """,
        {"calls external:stripe"},
    ),
    (
        "main.py",
        """
        import requests
        def pay():
            requests.post("https://api.stripe.com/v1/charges", timeout=3)
        """,
        {"calls external:stripe"},
    ),
    (
        "main.py",
        """
        import os, sentry_sdk
        sentry_sdk.init(dsn=os.environ["SENTRY_DSN"])
        """,
        {"calls external:sentry"},
    ),
    (
        "main.py",
        """
        from openai import OpenAI
        client = OpenAI()
        def ask():
            return client.chat.completions.create(model="x", messages=[])
        """,
        {"calls external:openai"},
    ),
    (
        "main.py",
        """
        from langchain_openai import ChatOpenAI
        llm = ChatOpenAI(model="x")
        """,
        {"calls external:openai"},
    ),
    (
        "main.py",
        """
        from twilio.rest import Client
        def sms():
            Client("a", "b").messages.create(to="x", body="y")
        """,
        {"calls external:twilio"},
    ),
    (
        "main.py",
        """
        import boto3
        ses = boto3.client("ses")
        """,
        {"calls external:ses"},
    ),
    (
        "main.py",
        """
        import stripe
        import sendgrid
        """,
        set(),
    ),
    (
        "main.py",
        """
        import smtplib
        def mail():
            with smtplib.SMTP("smtp.gmail.com", 587, timeout=3) as s:
                s.send_message("x")
        """,
        {"calls external:smtp.gmail.com"},
    ),
    (
        "main.py",
        """
        from slack_sdk import WebClient
        def tell():
            WebClient(token="x").chat_postMessage(channel="c", text="t")
        """,
        {"calls external:slack"},
    ),
    (
        "main.py",
        """
        from google.oauth2 import id_token
        import googlemaps
        gmaps = googlemaps.Client(key="x")
        """,
        {"calls external:google-maps"},
    ),
    (
        "src/main.ts",
        """
        import Stripe from "stripe";
        const stripe = new Stripe(process.env.STRIPE_KEY!);
        """,
        {"calls external:stripe"},
    ),
    (
        "src/main.ts",
        """
        const stripe = require("stripe")(process.env.KEY);
        """,
        {"calls external:stripe"},
    ),
    (
        "src/main.ts",
        """
        import * as Sentry from "@sentry/node";
        Sentry.init({ dsn: process.env.SENTRY_DSN });
        """,
        {"calls external:sentry"},
    ),
    (
        "src/main.ts",
        """
        import sgMail from "@sendgrid/mail";
        export const f = async () => { await sgMail.send({ to: "x" }); };
        """,
        {"calls external:sendgrid"},
    ),
    (
        "src/main.ts",
        """
        import { openai } from "@ai-sdk/openai";
        import { generateText } from "ai";
        export const f = () => generateText({ model: openai("gpt-4o"), prompt: "x" });
        """,
        {"calls external:openai"},
    ),
    (
        "src/main.ts",
        """
        import { SESClient, SendEmailCommand } from "@aws-sdk/client-ses";
        const ses = new SESClient({});
        """,
        {"calls external:ses"},
    ),
    (
        "src/main.ts",
        """
        const cloudinary = require("cloudinary").v2;
        cloudinary.config({ cloud_name: "x" });
        """,
        {"calls external:cloudinary"},
    ),
    (
        "src/main.ts",
        """
        import { Client } from "@notionhq/client";
        const notion = new Client({ auth: "x" });
        """,
        {"calls external:notion"},
    ),
    (
        "src/main.ts",
        """
        import Razorpay from "razorpay";
        const r = new Razorpay({ key_id: "x" });
        """,
        {"calls external:razorpay"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/stripe/stripe-go/v72/paymentintent"
            "github.com/stripe/stripe-go/v72"
        )

        func main() {
            stripe.Key = "x"
            pi, _ := paymentintent.New(nil)
            _ = pi
        }
        """,
        {"calls external:stripe"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/sendgrid/sendgrid-go"
        )

        func main() {
            c := sendgrid.NewSendClient("k")
            _ = c
        }
        """,
        {"calls external:sendgrid"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/getsentry/sentry-go"
        )

        func main() {
            sentry.Init(sentry.ClientOptions{Dsn: "x"})
        }
        """,
        {"calls external:sentry"},
    ),
    (
        "main.go",
        """
        package main

        import (
            openai "github.com/sashabaranov/go-openai"
        )

        func main() {
            c := openai.NewClient("k")
            _ = c
        }
        """,
        {"calls external:openai"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/slack-go/slack"
        )

        func main() {
            api := slack.New("k")
            _ = api
        }
        """,
        {"calls external:slack"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "github.com/google/go-github/v50/github"
        )

        func main() {
            c := github.NewClient(nil)
            _ = c
        }
        """,
        {"calls external:github"},
    ),
    (
        "main.go",
        """
        package main

        import (
            "firebase.google.com/go/v4"
            "context"
        )

        func main() {
            app, _ := firebase.NewApp(context.Background(), nil)
            _ = app
        }
        """,
        {"calls external:firebase"},
    ),
    (
        "lib/app.rb",
        """
        require "stripe"
        class Pay
          def call
            Stripe::Charge.create(amount: 1)
          end
        end
        """,
        {"calls external:stripe"},
    ),
    (
        "src/Pay.php",
        """
        <?php
        use Stripe\\Checkout\\Session as CheckoutSession;
        class Pay { function open() { return CheckoutSession::create(["mode" => "payment"]); } }
        """,
        {"calls external:stripe"},
    ),
    (
        "lib/app.rb",
        """
        Sentry.init do |config|
          config.dsn = ENV["SENTRY_DSN"]
        end
        """,
        {"calls external:sentry"},
    ),
    (
        "lib/app.rb",
        """
        class Sms
          def call
            Twilio::REST::Client.new("a", "b").messages.create(body: "x")
          end
        end
        """,
        {"calls external:twilio"},
    ),
    (
        "lib/app.rb",
        """
        client = Octokit::Client.new(access_token: "x")
        """,
        {"calls external:github"},
    ),
    (
        "src/main/java/Sms.java",
        """
        import com.aliyuncs.DefaultAcsClient;
        class Sms { Object client() { return new DefaultAcsClient(profile()); } }
        """,
        {"calls external:aliyun"},
    ),
    (
        "src/main/java/Crm.java",
        """
        import io.intercom.api.Event;
        class Crm { void sold() { Event event = new Event(); Event.create(event); } }
        """,
        {"calls external:intercom"},
    ),
    (
        "src/main/java/Link.java",
        """
        import com.stripe.model.PaymentLink;
        class Link { String to() { return PaymentLink.create(wanted()).getUrl(); } }
        """,
        {"calls external:stripe"},
    ),
    (
        "src/mails.ts",
        """
        import nodemailer from 'nodemailer'
        import carrier from 'nodemailer-mailgun-transport'
        export const mails = nodemailer.createTransport(carrier({ auth: { api_key: process.env.KEY! } }))
        """,
        {"calls external:mailgun"},
    ),
]


@pytest.mark.parametrize(("path", "code", "expected"), CASES)
def test_what_code_calls(
    app_edges: Callable[[dict[str, str]], set[str]], path: str, code: str, expected: set[str]
) -> None:
    assert app_edges({path: dedent(code)}) == expected
