"""Who somebody is: sign-in and accounts."""

from scaleaudit.external_systems.system import System

_COGNITO = (
    "github.com/aws/{aws-sdk-go,aws-sdk-go-v2}/service/cognitoidentityprovider.{New,NewFromConfig}"
)

IDENTITY = (
    System(
        "google",
        "identity",
        ("accounts.google.com", "oauth2.googleapis.com", "openidconnect.googleapis.com"),
        (
            "google.oauth2.id_token.{verify_oauth2_token,verify_token}",
            "httpx_oauth.clients.google.GoogleOAuth2",
        ),
        (
            "{passport-google-oauth20,passport-google-oauth2,passport-google-oauth}.{Strategy,OAuth2Strategy}",
            "google-auth-library.OAuth2Client",
        ),
        ("google.golang.org/api/idtoken.{Validate,NewValidator}",),
    ),
    System(
        "api.github.com",
        "identity",
        ("api.github.com",),
        ("github.Github", "httpx_oauth.clients.github.GitHubOAuth2"),
    ),
    System(
        "auth0",
        "identity",
        ("auth0.com",),
        ("auth0.authentication.{GetToken,Database}", "auth0.management.Auth0"),
        ("auth0.{ManagementClient,AuthenticationClient}",),
        ("github.com/auth0/go-auth0/management.New",),
        ("Auth0Client.new",),
    ),
    System(
        "okta",
        "identity",
        ("okta.com", "oktapreview.com"),
        ("okta.client.Client",),
        ("@okta/okta-sdk-nodejs.Client", "@okta/jwt-verifier"),
    ),
    System(
        "firebase",
        "identity",
        ("firebaseio.com", "identitytoolkit.googleapis.com", "fcm.googleapis.com"),
        ("firebase_admin.initialize_app",),
        (
            "firebase-admin.initializeApp",
            "firebase-admin/app.initializeApp",
            "firebase/app.initializeApp",
        ),
        ("firebase.google.com/go.NewApp",),
        java=("com.google.firebase.FirebaseApp.initializeApp",),
        csharp=("FirebaseApp.Create",),
    ),
    System(
        "cognito",
        "identity",
        ("amazoncognito.com",),
        javascript=(
            "@aws-sdk/client-cognito-identity-provider"
            ".{CognitoIdentityProviderClient,CognitoIdentityProvider}",
            "aws-sdk.CognitoIdentityServiceProvider",
            "aws-jwt-verify.CognitoJwtVerifier.create",
        ),
        go=(_COGNITO,),
        java=(
            "software.amazon.awssdk.services.cognitoidentityprovider"
            ".{CognitoIdentityProviderClient,CognitoIdentityProviderAsyncClient}.{builder,create}",
            "com.amazonaws.services.cognitoidp.AWSCognitoIdentityProviderClientBuilder"
            ".{standard,defaultClient}",
        ),
        ruby=("Aws.CognitoIdentityProvider.Client.new",),
    ),
    System(
        "clerk",
        "identity",
        ("clerk.com", "clerk.dev"),
        javascript=("@clerk/clerk-sdk-node.Clerk", "@clerk/backend.createClerkClient"),
    ),
    System(
        "workos",
        "identity",
        ("workos.com",),
        ("workos.WorkOSClient",),
        ("@workos-inc/node.WorkOS",),
    ),
    System("microsoft-entra", "identity", ("login.microsoftonline.com",)),
)
