#pragma once
#include <vector>

#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/loss_function.hpp"
#include "fieldscan/training/observe/observe.hpp"

/// What is formed of one network, or of one sample of a chain.
namespace fieldscan::training {

/// One number that was read off.
struct Reading {
  Observable observable{};
  double coordinate = 0;
  double value = 0;
};

/// Outputs on one set: the mean [points·C], point by point, and the variance of each where part of the parameters was
/// integrated out (empty: none was).
struct Output {
  Vector mean;
  Vector variance;
};

struct Outputs {
  Output train, test, validation;
  network::LossFunction loss = network::LossFunction::square;  ///< by which the network was trained
};

/// Whether an observable of the plan is formed from the outputs on a set.
bool wants_outputs(const ObservePlan& plan, Need set);

/// All observables of outputs (outputs/formed.hpp) that the plan has, of the sets whose outputs are there.
void read_outputs(const data::Draw& data, const Outputs& outputs, const ObservePlan& plan, std::vector<Reading>& out);

/// confusion, where the plan has it and outputs on a test set are there.
void read_confusion(const data::Draw& data, const Outputs& outputs, const ObservePlan& plan, std::vector<Array>& out);

/// Norms of the parameters: norm_excess, kernel_scale, weight_norm. `squares[k]` is |θ_k|² of tensor k (or its
/// expectation). Layers count from 1; the readout is layer L + 1; the biases of a layer count among its parameters, but
/// not in weight_norm.
void read_norms(const network::Network& network, const std::vector<double>& squares, const ObservePlan& plan,
                std::vector<Reading>& out);

/// What needs a pass through the network on the inputs x with labels y: coordinate_size, gradient_norm (of the loss of
/// f − offset), ntk_top (Θ/χ), hessian_top (of the same loss). `work` holds a forward_for_gradient of θ on x, `outputs`
/// its f − offset.
void read_network(const network::Network& network, const VectorView& theta, const data::Sample& sample,
                  const VectorView& outputs, network::Network::Workspace& work, const ObservePlan& plan,
                  std::vector<Reading>& out, network::LossFunction loss = network::LossFunction::square);

/// |θ_k|² of every tensor.
std::vector<double> squared_norms(const network::Network& network, const VectorView& theta);

}  // namespace fieldscan::training
