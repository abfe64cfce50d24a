import { ErrorClass } from "../artifact/operating-policy.js";

/** Error codes, types and names by class, as providers, gateways, SDKs and Node spell them. Codes that say too little stand in none:
 * `invalid_request_error` covers prompts that are too long, `INVALID_ARGUMENT` wrong keys. */
const codesByClass: ReadonlyArray<readonly [ErrorClass, string]> = [
  [
    ErrorClass.contextLength,
    "context_length_exceeded string_above_max_length request_too_large max_tokens_exceeded ContextWindowExceededError model_max_prompt_tokens_exceeded",
  ],
  [
    ErrorClass.contentFilter,
    "content_filter content_policy_violation content_filter_error ResponsibleAIPolicyViolation moderation_blocked ContentPolicyViolationError ContentFilterFinishReasonError guardrail_intervened PROHIBITED_CONTENT",
  ],
  [
    ErrorClass.rateLimited,
    "rate_limit_exceeded rate_limit_error rate_limit insufficient_quota billing_error billing_hard_limit_reached billing_not_active quota_exceeded RESOURCE_EXHAUSTED ThrottlingException TooManyRequestsException ServiceQuotaExceededException RateLimitError PaymentRequiredError too_many_requests",
  ],
  [
    ErrorClass.auth,
    "invalid_api_key authentication_error permission_error account_deactivated invalid_organization AuthenticationError PermissionDeniedError OAuthError SubjectTokenProviderError UNAUTHENTICATED PERMISSION_DENIED API_KEY_INVALID AccessDeniedException ExpiredTokenException UnrecognizedClientException InvalidSignatureException LoadAPIKeyError AI_LoadAPIKeyError unsupported_country_region_territory",
  ],
  [
    ErrorClass.timeout,
    "timeout timeout_error request_timeout ETIMEDOUT ESOCKETTIMEDOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_BODY_TIMEOUT UND_ERR_CONNECT_TIMEOUT ERR_SOCKET_CONNECTION_TIMEOUT TimeoutError APIConnectionTimeoutError APITimeoutError RequestTimeoutError GatewayTimeoutError DEADLINE_EXCEEDED ModelTimeoutException Timeout",
  ],
  [
    ErrorClass.overloaded,
    "overloaded_error overloaded server_error api_error internal_error internal_server_error service_unavailable engine_overloaded slow_down server_overloaded OverloadedError InternalServerError ServiceUnavailableError ServiceUnavailableException InternalServerException ModelNotReadyException ModelErrorException ModelStreamErrorException UNAVAILABLE INTERNAL",
  ],
  [
    ErrorClass.network,
    "ECONNREFUSED ECONNRESET ECONNABORTED ENOTFOUND EAI_AGAIN EPIPE EHOSTUNREACH ENETUNREACH ENETDOWN EPROTO UND_ERR_SOCKET UND_ERR_CLOSED UND_ERR_DESTROYED UND_ERR_RES_CONTENT_LENGTH_MISMATCH ERR_STREAM_PREMATURE_CLOSE ERR_TLS_CERT_ALTNAME_INVALID CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE UNABLE_TO_GET_ISSUER_CERT_LOCALLY HPE_INVALID_CONSTANT",
  ],
  [ErrorClass.badRequest, "UnprocessableEntityError invalid_prompt unsupported_parameter unsupported_value"],
  [
    ErrorClass.unknown,
    "model_not_found not_found_error DeploymentNotFound NotFoundError ResourceNotFoundException NOT_FOUND",
  ],
];

/** Class of each code; keys are in lower case without marks. */
export const errorCodes: ReadonlyMap<string, ErrorClass> = new Map(
  codesByClass.flatMap(([name, codes]) =>
    codes.split(" ").map((code) => [code.toLowerCase().replace(/[^a-z0-9]/g, ""), name] as const),
  ),
);
