"""LiteLLM proxy hook: ask a Signalbox sidecar which model answers. Standard library only; a request never fails because of it."""
import asyncio, json, os, urllib.request

try:
    from litellm.integrations.custom_logger import CustomLogger
except ImportError:  # so that the file can be tried without LiteLLM
    CustomLogger = object

URL = os.environ.get("SIGNALBOX_URL", "http://127.0.0.1:8787")
ROUTED = os.environ.get("SIGNALBOX_ROUTED_MODEL", "signalbox")  # only calls to this model name are routed


def post(path, body, timeout=0.25):
    data = json.dumps(body, default=str).encode()
    request = urllib.request.Request(URL + path, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=timeout) as response:
        return json.load(response)


class SignalboxHook(CustomLogger):
    async def async_pre_call_hook(self, user_api_key_dict, cache, data, call_type):
        if call_type not in ("completion", "acompletion") or data.get("model") != ROUTED:
            return data
        metadata = data.get("metadata") or {}
        fields = ("messages", "tools", "response_format", "max_tokens", "max_completion_tokens")
        body = {name: data[name] for name in fields if data.get(name) is not None}
        body["sessionId"] = metadata.get("session_id") or data.get("litellm_session_id")
        body["meta"] = {name: value for name, value in metadata.items() if isinstance(value, str) and len(value) <= 200}
        try:
            decision = await asyncio.to_thread(post, "/decide", body)
        except Exception:  # the sidecar is down or slow: the group `signalbox` of config.yaml answers
            return data
        data["model"] = decision["model"]
        data["fallbacks"] = decision["fallbacks"]
        data["metadata"] = {**metadata, "signalbox_request_id": decision["requestId"]}
        return data

    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
        usage = getattr(response_obj, "usage", None)
        await self.record(kwargs, start_time, end_time, {
            "usage": usage.model_dump() if hasattr(usage, "model_dump") else usage,
            "served_model": kwargs.get("model"),
        })

    async def async_log_failure_event(self, kwargs, response_obj, start_time, end_time):
        await self.record(kwargs, start_time, end_time, {"error": type(kwargs.get("exception")).__name__})

    async def record(self, kwargs, start_time, end_time, result):
        metadata = (kwargs.get("litellm_params") or {}).get("metadata") or {}
        request_id = metadata.get("signalbox_request_id")
        if request_id is None:
            return
        latency_ms = (end_time - start_time).total_seconds() * 1000
        try:
            await asyncio.to_thread(post, "/record", {"request_id": request_id, "latency_ms": latency_ms, **result})
        except Exception:
            pass


proxy_handler_instance = SignalboxHook()
