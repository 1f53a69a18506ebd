using System.Globalization;
using DistTrain.FaultHarness.Processes;

namespace DistTrain.FaultHarness.Runs;

/// <summary>A run in a folder of its own, its coordinator and its workers, each a process.</summary>
sealed class Fleet : IDisposable
{
    const int ExitCodeOfLostCluster = 5;

    static readonly string[] OfAllNodes = ["--join-timeout", "60s"];

    readonly Products _products;
    readonly FleetPlan _plan;
    readonly string _folder;
    readonly List<Node> _candidates = [];
    readonly List<Node> _workers = [];
    string _join = "";

    Fleet(Products products, FleetPlan plan, string folder)
    {
        (_products, _plan, _folder) = (products, plan, folder);
        Events = new RunEvents(EventsPath);
    }

    /// <summary>All that may conduct the run.</summary>
    public IReadOnlyList<Node> Candidates => _candidates;

    /// <summary>Who took the newest term.</summary>
    public Node Conductor => _candidates.Find(candidate => candidate.ProcessId == RunTerms.OwnerOfNewest(RunFolder)) ?? _candidates[0];

    public IReadOnlyList<Node> AllWorkers => _workers;

    /// <summary>Those that were not told to leave.</summary>
    public IReadOnlyList<Node> Workers => [.. _workers.Where(worker => !worker.HasLeft)];

    public IEnumerable<Node> Nodes => [.. _candidates, .. _workers];

    public RunEvents Events { get; }

    public Network? Network => _plan.Network;

    public string RunFolder => Path.Combine(_folder, "run");

    public string EventsPath => Path.Combine(RunFolder, "events.jsonl");

    /// <summary>Made, not started.</summary>
    /// <param name="folder">New: run, logs and caches go there.</param>
    public static async Task<Fleet> MakeAsync(Products products, Workload workload, FleetPlan plan, string folder, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        var fleet = new Fleet(products, plan, folder);
        await fleet.AddCandidatesAsync(workload, stop);
        for (var i = 0; i < plan.Workers; i++) await fleet.AddWorkerAsync(stop);
        return fleet;
    }

    /// <summary>Starts whoever does not run and was not told to leave.</summary>
    public void Start()
    {
        foreach (var node in Nodes.Where(node => !node.IsRunning && !node.HasLeft)) node.Start();
    }

    /// <summary>One more worker, not started.</summary>
    public async Task<Node> AddWorkerAsync(CancellationToken stop)
    {
        var name = $"worker-{_workers.Count + 1}";
        var place = await _plan.NextPlaceAsync(stop);
        var cache = Path.Combine(_folder, $"{name}-cache");
        var port = Text(Ports.Free()); // With a port of its own it counts as the same worker when it is started again.
        var worker = new Node(name, place, _products.Command(
            ["worker", "--join", _join, .. OfAllNodes, .. place.Options, "--port", port, "--threads", "1", "--cache", cache]), _folder);
        _workers.Add(worker);
        return worker;
    }

    public Node AnyWorker(Random random) => Workers[random.Next(Workers.Count)];

    /// <summary>Starts candidates that gave up (exit code 5), as a service of the system would.</summary>
    public void StartWhoGaveUp()
    {
        foreach (var node in _candidates.Where(node => node.ExitCode == ExitCodeOfLostCluster)) node.Start();
    }

    public void Dispose()
    {
        foreach (var node in Nodes) node.Dispose();
    }

    async Task AddCandidatesAsync(Workload workload, CancellationToken stop)
    {
        var addresses = new List<(Place Place, int Port)>();
        for (var i = 0; i < _plan.Candidates; i++) addresses.Add((await _plan.NextPlaceAsync(stop), Ports.Free()));
        _join = string.Join(',', addresses.Select(of => $"{of.Place.Address}:{of.Port}"));
        foreach (var (place, port) in addresses)
        {
            var name = _candidates.Count == 0 ? "coordinator" : $"candidate-{_candidates.Count + 1}";
            _candidates.Add(new Node(name, place, _products.Command(
                ["coordinator", .. workload.Arguments, .. OfAllNodes, .. place.Options, .. OthersToJoin, "--port", Text(port),
                 "--http-port", "0", "--min-workers", Text(_plan.Workers), "--out", RunFolder, "--json"]), _folder));
        }
    }

    string[] OthersToJoin => _plan.Candidates > 1 ? ["--join", _join] : [];

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
