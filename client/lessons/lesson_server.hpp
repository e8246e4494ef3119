#pragma once

#include "client/engine/request_template.hpp"
#include "client/experiment/program.hpp"
#include "client/lessons/lesson.hpp"
#include "client/record/load_result.hpp"
#include "common/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace waitlab::client {

/// A waitlab-server with these "key=value" settings, on free ports, that logs to this folder. Its address 0 is where it
/// listens, address 1 its admin listener.
Result<Program> start_lesson_server(const LessonSetting& setting, const std::filesystem::path& folder,
                                    const std::vector<std::string>& settings);

/// A POST of this path and query, without a body.
RequestTemplate post_of(std::string path);

/// Sends it so many of these requests on 8 connections, each as soon as its connection is free. Failure where they
/// could not be sent, or the lesson is to stop.
Result<LoadResult> send_requests(const LessonSetting& setting, const Program& server,
                                 const std::vector<RequestTemplate>& requests, std::uint64_t number);

/// The JSON that one of its listeners answers for the path.
Result<nlohmann::json> ask_json(const std::string& address, const std::string& path);

}  // namespace waitlab::client
